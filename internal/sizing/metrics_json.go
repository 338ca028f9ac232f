package sizing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// answer is what `az monitor metrics list` writes, as far as it is read.
type answer struct {
	Value *[]struct {
		ID        string `json:"id"`
		Unit      string `json:"unit"`
		ErrorCode string `json:"errorCode"`
		Name      struct {
			Value string `json:"value"`
		} `json:"name"`
		Timeseries []struct {
			Metadata []struct {
				Name struct {
					Value string `json:"value"`
				} `json:"name"`
				Value string `json:"value"`
			} `json:"metadatavalues"`
			Data []struct {
				TimeStamp string   `json:"timeStamp"`
				Maximum   *float64 `json:"maximum"`
				Average   *float64 `json:"average"`
			} `json:"data"`
		} `json:"timeseries"`
	} `json:"value"`
}

// readJSON takes answers one after the other, or arrays of them.
func readJSON(in io.Reader, arrays bool, c *collector) error {
	decoder := json.NewDecoder(in)
	for record, open := 1, false; ; {
		if arrays && (!open || !decoder.More()) {
			bracket, err := decoder.Token()
			switch {
			case errors.Is(err, io.EOF) && !open:
				return nil
			case err != nil:
				return jsonError(record, err)
			case bracket != json.Delim('[') && bracket != json.Delim(']'):
				return fmt.Errorf("record %d of the metrics stands behind an array and is none", record)
			}
			open = bracket == json.Delim('[')
			continue
		}
		var a answer
		if err := decoder.Decode(&a); errors.Is(err, io.EOF) && !arrays {
			return nil
		} else if err != nil {
			return jsonError(record, err)
		}
		if err := c.take(&a); err != nil {
			return fmt.Errorf("record %d of the metrics: %w", record, err)
		}
		record++
	}
}

func (c *collector) take(a *answer) error {
	if a.Value == nil {
		return errors.New("it has no value, which an answer of az monitor metrics list has")
	}
	for _, m := range *a.Value {
		at := strings.LastIndex(strings.ToLower(m.ID), "/providers/microsoft.insights/metrics/")
		if at < 0 {
			return errors.New("an id in it is no id of a metric")
		}
		key, err := idKey(m.ID[:at])
		if err != nil {
			return fmt.Errorf("an id in it, without the metric, %w", err)
		}
		base, shardOfName, ok := parseMetric(m.Name.Value)
		if !ok {
			c.ignored++
			continue
		}
		name := metrics[base].name
		if m.ErrorCode != "" && !strings.EqualFold(m.ErrorCode, "Success") {
			return fmt.Errorf("%s was not read: its errorCode is not Success", name)
		}
		if m.Unit != "" && !strings.EqualFold(m.Unit, metrics[base].unit) {
			return fmt.Errorf("the unit of %s is not %s", name, metrics[base].unit)
		}
		for _, series := range m.Timeseries {
			shard := shardOfName
			for _, d := range series.Metadata {
				if strings.EqualFold(d.Name.Value, "ShardId") {
					shard = d.Value
				}
			}
			maxima, averages := 0, 0
			for i, point := range series.Data {
				if point.Average != nil {
					averages++
				}
				if point.Maximum == nil {
					continue // an hour without a value has a time alone
				}
				maxima++
				when, err := instant(point.TimeStamp)
				if err != nil {
					return fmt.Errorf("timeStamp %d of %s %w", i+1, name, err)
				}
				if err := c.add(key, base, shard, when, *point.Maximum); err != nil {
					return fmt.Errorf("maximum %d of %s %w", i+1, name, err)
				}
			}
			if maxima == 0 && averages > 0 {
				return fmt.Errorf("%s has averages and no maximum: ask with --aggregation Maximum", name)
			}
		}
	}
	return nil
}

// jsonError is an error of the decoder without the text that it may quote.
func jsonError(record int, err error) error {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("record %d of the metrics is no JSON, at byte %d", record, syntax.Offset)
	case errors.As(err, &typed):
		return fmt.Errorf("record %d of the metrics: %s has a value of another type", record, typed.Field)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("record %d of the metrics is cut off", record)
	}
	return fmt.Errorf("record %d of the metrics: %w", record, err)
}
