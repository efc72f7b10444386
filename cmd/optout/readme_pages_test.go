package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// root is the repository.
const root = "../.."

// readPages returns the text of every page by its path below root.
func readPages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	paths = append(paths, filepath.Join(root, "README.md"), filepath.Join(root, "CHANGELOG.md"))
	pages := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.ToSlash(name)] = string(text)
	}
	return pages
}

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// blocks returns the code blocks of a page in a language, "" for none.
func blocks(page, language string) (found []string) {
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	return found
}

// sections returns the text below each heading of a page, to the next heading.
func sections(page string) map[string]string {
	found, heading := map[string]string{}, ""
	for line := range strings.Lines(fence.ReplaceAllString(page, "")) {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			heading = strings.TrimSpace(title)
			continue
		}
		found[heading] += line
	}
	return found
}

// rows returns the cells of the tables in a text, without headings.
func rows(text string) (found [][]string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if strings.HasPrefix(cells[0], "---") {
			found = found[:len(found)-1] // the row above is the heading
			continue
		}
		found = append(found, cells)
	}
	return found
}

// code returns the text of a cell that is one code span.
func code(cell string) string { return strings.Trim(cell, "`") }

var (
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pathSpan  = regexp.MustCompile("`((?:cmd|jobs|readers|writers|pipeline|testdata|bench)(?:/[a-z0-9._/-]+)?)`")
	spanMarks = regexp.MustCompile("[`*]")
)

func TestLinksResolve(t *testing.T) {
	pages := readPages(t)
	for path, page := range pages {
		page = fence.ReplaceAllString(page, "")
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			to := path
			if target != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(path), target))
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: link to %s: %v", path, m[1], err)
			} else if anchor != "" && !slices.Contains(anchors(pages[to]), anchor) {
				t.Errorf("%s: link to %s: no such heading", path, m[1])
			}
		}
		for _, m := range pathSpan.FindAllStringSubmatch(page, -1) {
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%s names %s: %v", path, m[1], err)
			}
		}
	}
}

// anchors lists what links to the headings of a page end in.
func anchors(page string) (found []string) {
	for heading := range sections(page) {
		found = append(found, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, spanMarks.ReplaceAllString(heading, "")))
	}
	return found
}
