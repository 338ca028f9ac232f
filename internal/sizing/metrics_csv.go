package sizing

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// csvColumns are the columns of a CSV that are read, by their names in lower case.
var csvColumns = []string{"resource_id", "name", "metric", "timestamp", "maximum", "shard"}

// readCSV takes the rows of a CSV.
func readCSV(in io.Reader, c *collector) error {
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		return csvError(err)
	}
	columns := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(csvColumns, name) {
			continue
		}
		if _, twice := columns[name]; twice {
			return fmt.Errorf("line 1 of the metrics has the column %s twice", name)
		}
		columns[name] = i
	}
	_, byID := columns["resource_id"]
	_, byName := columns["name"]
	for _, name := range []string{"metric", "timestamp", "maximum"} {
		if _, ok := columns[name]; !ok {
			return fmt.Errorf("line 1 of the metrics has no column %s; a CSV has resource_id or name, metric, timestamp and maximum, "+
				"with commas between them", name)
		}
	}
	if !byID && !byName {
		return errors.New("line 1 of the metrics has neither a column resource_id nor a column name")
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return csvError(err)
		}
		cell := func(column string) string {
			if i, ok := columns[column]; ok {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		if column, err := c.takeRow(cell); err != nil {
			line, _ := rows.FieldPos(columns[column])
			return fmt.Errorf("line %d of the metrics: the column %s %w", line, column, err)
		}
	}
}

// takeRow takes one row of a CSV; an error comes with its column.
func (c *collector) takeRow(cell func(column string) string) (column string, err error) {
	var key cacheKey
	switch id, name := cell("resource_id"), cell("name"); {
	case id != "":
		if key, err = idKey(id); err != nil {
			return "resource_id", err
		}
	case plainName.MatchString(name):
		key = cacheKey{name: strings.ToLower(name)}
	case name != "":
		return "name", errors.New("is no name of a cache")
	default:
		return "metric", errors.New("is of no cache: its row has neither an id nor a name")
	}
	base, shard, ok := parseMetric(cell("metric"))
	if !ok {
		c.ignored++
		return "", nil
	}
	at, err := instant(cell("timestamp"))
	if err != nil {
		return "timestamp", err
	}
	if cell("maximum") == "" {
		return "", nil
	}
	value, err := strconv.ParseFloat(cell("maximum"), 64)
	if err != nil {
		return "maximum", errValue
	}
	if of := cell("shard"); of != "" {
		shard = of
	}
	return "maximum", c.add(key, base, shard, at, value)
}

// csvError is an error of the reader, which names line and column and quotes nothing.
func csvError(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("line %d of the metrics, column %d: %w", parse.Line, parse.Column, parse.Err)
	}
	return err
}
