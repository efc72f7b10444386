package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/robfig/cron/v3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// The tests of this file hold docs/deploy against the programs that read it, as far
// as they can be had everywhere. CI asks systemd and Python as well.

func readDeploy(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// triedAgain are the exit statuses after which a scheduler may run a job again.
var triedAgain = []int{statusFailed}

// ended are those after which it must not, since the next try would be no better.
var ended = []int{statusUsage, statusRefused, statusLocked}

func TestDeployIsDocumented(t *testing.T) {
	page := readPages(t)["docs/scheduling.md"]
	files, err := os.ReadDir(filepath.Join(root, "docs", "deploy"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.Contains(page, "](deploy/"+f.Name()+")") {
			t.Errorf("docs/scheduling.md does not name deploy/%s", f.Name())
		}
	}
	for _, status := range slices.Concat([]int{statusPublished, statusInterrupted}, triedAgain, ended) {
		if !strings.Contains(page, fmt.Sprintf("\n| %d | ", status)) {
			t.Errorf("docs/scheduling.md does not explain exit status %d", status)
		}
	}
}

// TestDeployCrontab: the line has five fields that come, a user and a command that
// sh can read and the program knows.
func TestDeployCrontab(t *testing.T) {
	lines := 0
	for line := range strings.Lines(readDeploy(t, "crontab")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || regexp.MustCompile(`^[A-Z_]+=`).MatchString(line) {
			continue
		}
		lines++
		fields := strings.Fields(line)
		if _, err := cron.ParseStandard(strings.Join(fields[:5], " ")); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		command := strings.Join(fields[6:], " ")
		if strings.Contains(strings.ReplaceAll(command, `\%`, ""), "%") {
			t.Errorf("%s: cron ends a command at a percent sign", line)
		}
		if out, err := exec.Command("sh", "-n", "-c", command).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		_, args, found := strings.Cut(command, "/optout-retry.sh ")
		if !found {
			t.Fatalf("%s: does not run a job", line)
		}
		args, _, _ = strings.Cut(args, ">")
		parseCommand(t, "docs/deploy/crontab", append([]string{"run"}, strings.Fields(args)...))
	}
	if lines != 1 {
		t.Errorf("got %d lines, want 1", lines)
	}
}

// TestDeployRetry runs optout-retry.sh with programs that end as told.
func TestDeployRetry(t *testing.T) {
	script, err := filepath.Abs(filepath.Join(root, "docs", "deploy", "optout-retry.sh"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ends   string // of each try, the last one for all further tries
		want   int
		called string
	}{
		{"0", 0, "run a b.yaml"},
		{"1", 1, "run a b.yaml sleep 300 run a b.yaml sleep 900 run a b.yaml"},
		{"1 0", 0, "run a b.yaml sleep 300 run a b.yaml"},
		{"1 3", 3, "run a b.yaml sleep 300 run a b.yaml"},
		{"2", 2, "run a b.yaml"},
		{"3", 3, "run a b.yaml"},
		{"4", 4, "run a b.yaml"},
		{"130", 130, "run a b.yaml"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"optout": "#!/bin/sh\necho \"$@\" >>called\nread first rest <ends\n[ -z \"$rest\" ] || echo \"$rest\" >ends\nexit $first\n",
			"sleep":  "#!/bin/sh\necho sleep \"$@\" >>called\n",
			"ends":   c.ends + "\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("sh", script, "a", "b.yaml")
		cmd.Dir, cmd.Env = dir, []string{"PATH=" + dir + ":/usr/bin:/bin"}
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !asExit(err, &exit) {
			t.Fatalf("%v\n%s", err, out)
		}
		called, err := os.ReadFile(filepath.Join(dir, "called"))
		if err != nil {
			t.Fatal(err)
		}
		if got := cmd.ProcessState.ExitCode(); got != c.want {
			t.Errorf("ends %s: got %d, want %d", c.ends, got, c.want)
		}
		if got := strings.Join(strings.Fields(string(called)), " "); got != c.called {
			t.Errorf("ends %s: called %q, want %q", c.ends, got, c.called)
		}
	}
}

// unit is a systemd unit: the values of each directive by section.
type unit map[string]map[string][]string

// parseUnit reads a unit and refuses what systemd would warn of and leave out.
func parseUnit(t *testing.T, name string) unit {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "deploy", "systemd-252.txt"))
	if err != nil {
		t.Fatal(err)
	}
	known, section, u := strings.Split(string(text), "\n"), "", unit{}
	for line := range strings.Lines(readDeploy(t, name)) {
		line = strings.TrimSpace(line)
		switch key, value, found := strings.Cut(line, "="); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = line
			u[section] = map[string][]string{}
		case !found || !slices.Contains(known, section+" "+key):
			t.Errorf("%s: %s knows no %q", name, section, line)
		default:
			u[section][key] = append(u[section][key], value)
		}
	}
	return u
}

func TestDeployUnits(t *testing.T) {
	for _, name := range []string{"optout@.service", "optout-serve.service"} {
		u := parseUnit(t, name)
		service := u["[Service]"]
		command := strings.ReplaceAll(service["ExecStart"][0], "%i", "nightly-marketing")
		args := strings.Fields(command)
		if args[0] != "/usr/local/bin/optout" {
			t.Errorf("%s runs %s", name, args[0])
		}
		parseCommand(t, name, args[1:])
		var prevented []int
		for _, text := range strings.Fields(service["RestartPreventExitStatus"][0]) {
			status, err := strconv.Atoi(text)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			prevented = append(prevented, status)
		}
		if !slices.Equal(prevented, ended) {
			t.Errorf("%s is not run again after %v, want %v", name, prevented, ended)
		}
		for key, want := range map[string]string{
			"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "UMask": "0077",
			"CapabilityBoundingSet": "", "User": "optout", "StateDirectory": "optout", "StateDirectoryMode": "0700",
		} {
			if got := service[key]; len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s=%q, want %q", name, key, got, want)
			}
		}
	}
	timer := parseUnit(t, "optout@.timer")
	if len(timer["[Timer]"]["OnCalendar"]) != 1 || len(timer["[Install]"]["WantedBy"]) != 1 {
		t.Errorf("the timer never comes, or is never enabled: %v", timer)
	}
}

func TestDeployCronJob(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "deploy", "cronjob.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("cronjob.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("cronjob.json")
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := yaml.Load([]byte(readDeploy(t, "cronjob.yaml")), &tree); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	if document, err = jsonschema.UnmarshalJSON(strings.NewReader(string(asJSON))); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Error(err)
	}
	var job struct {
		Spec struct {
			Schedule    string
			JobTemplate struct {
				Spec struct {
					PodFailurePolicy struct {
						Rules []struct {
							Action      string
							OnExitCodes struct{ Values []int }
						}
					}
					Template struct {
						Spec struct {
							RestartPolicy string
							Containers    []struct{ Command, Args []string }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(asJSON, &job); err != nil {
		t.Fatal(err)
	}
	if _, err := cron.ParseStandard(job.Spec.Schedule); err != nil {
		t.Error(err)
	}
	spec := job.Spec.JobTemplate.Spec
	for _, container := range spec.Template.Spec.Containers {
		if !slices.Equal(container.Command, []string{"optout"}) {
			t.Errorf("runs %s", container.Command)
		}
		parseCommand(t, "docs/deploy/cronjob.yaml", container.Args)
	}
	if got := spec.Template.Spec.RestartPolicy; got != "Never" {
		t.Errorf("restartPolicy is %s: with another the policy on exit codes is refused", got)
	}
	rules := spec.PodFailurePolicy.Rules
	if last := rules[len(rules)-1]; last.Action != "FailJob" || !slices.Equal(last.OnExitCodes.Values, ended) {
		t.Errorf("the job ends after %v, want %v", last, ended)
	}
}

func TestDeployAirflow(t *testing.T) {
	text := readDeploy(t, "optout_dag.py")
	for name, want := range map[string][]int{"DONE": {statusPublished}, "TRIED_AGAIN": triedAgain} {
		line := name + " = {" + strings.Trim(strings.ReplaceAll(fmt.Sprint(want), " ", ", "), "[]") + "}\n"
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("optout_dag.py has not the line %q", line)
		}
	}
	m := regexp.MustCompile(`command = \[(.*), date, JOB\]`).FindStringSubmatch(text)
	if m == nil {
		t.Fatal("optout_dag.py has no command")
	}
	var args []string
	for _, word := range strings.Split(m[1], ", ") {
		args = append(args, strings.Trim(word, `"`))
	}
	parseCommand(t, "docs/deploy/optout_dag.py", append(args[1:], "2026-11-24", "job.yaml"))
}
