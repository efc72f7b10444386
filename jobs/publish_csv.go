package jobs

import (
	"fmt"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// csvName is where the audience of a list stands as CSV: beside the directory of
// its Parquet files, which warehouses read whole.
func csvName(l *list) string { return writers.ListFolders[0] + "/" + l.subject() + ".csv" }

// withCSV is the output of an audience, with the file of CSV that it also goes
// into where the list is to have one.
func (r *run) withCSV(l *list, audience pipeline.Output, stage *writers.Stage) (pipeline.Output, *writers.CSVFile, error) {
	if !l.job.CSV {
		return audience, nil, nil
	}
	path, err := stage.Path(csvName(l))
	if err != nil {
		return nil, nil, err
	}
	csv, err := writers.CreateCSV(path, l.schemas.Audience, r.fileAs)
	if err != nil {
		return nil, nil, err
	}
	return writers.Both(audience, csv), csv, nil
}

// balanceCSV holds the lines of a file against the verdicts.
func balanceCSV(l *list, c *pipeline.Counts, rows int64) error {
	if kept := c.Decisions[consent.Kept]; rows != kept {
		return fmt.Errorf("send list %s does not balance: %s has %d rows, not %d", l.subject(), csvName(l), rows, kept)
	}
	return nil
}
