package metrics

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// WriteFile writes the metrics of jobs as a text file, for the textfile collector
// of node_exporter: whoever reads it sees the old or the new one. All users may
// read it, as that program must.
func WriteFile(path, version string, jobs []Job) error {
	if err := prometheus.WriteToTextfile(path, New(version, jobs)); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	return nil
}
