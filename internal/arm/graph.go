package arm

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// graphPath is the one address that an evaluation may POST to.
const graphPath = "/providers/Microsoft.ResourceGraph/resources"

// ResourceGraph is Azure Resource Graph itself.
var ResourceGraph = ResourceKind{"Azure Resource Graph", "Microsoft.ResourceGraph/resources", "2024-04-01"}

// GraphScope is what a query looks at: subscriptions or management groups.
type GraphScope struct {
	Subscriptions    []string `json:"subscriptions,omitempty"`
	ManagementGroups []string `json:"managementGroups,omitempty"`
}

type graphQuery struct {
	GraphScope
	Query   string       `json:"query"`
	Options graphOptions `json:"options"`
}

type graphOptions struct {
	Top          int    `json:"$top"`
	SkipToken    string `json:"$skipToken,omitempty"`
	ResultFormat string `json:"resultFormat"`
}

// Query reads all pages of a query of Resource Graph for one scope and hands each
// row to add. A query needs an order: without one, pages may repeat and miss rows.
func Query[T any](ctx context.Context, c *Client, scope GraphScope, query string, add func(T)) error {
	e := ResourceGraph.endpoint("read")
	body := graphQuery{GraphScope: scope, Query: query, Options: graphOptions{Top: 1000, ResultFormat: "objectArray"}}
	var pages paging
	for {
		var page struct {
			Data      *[]T   `json:"data"`
			Truncated string `json:"resultTruncated"`
			SkipToken string `json:"$skipToken"`
		}
		got, err := c.send(ctx, e, http.MethodPost, graphPath, nil, body, &page)
		if err != nil {
			return err
		}
		if page.Data == nil {
			return &Error{Path: graphPath, What: e.what, Message: "the answer holds no rows"}
		}
		if err := pages.page(len(*page.Data), got.bytes, page.SkipToken); err != nil {
			return &Error{Path: graphPath, What: e.what, Message: err.Error()}
		}
		for _, r := range *page.Data {
			add(r)
		}
		switch {
		case page.SkipToken == "" && strings.EqualFold(page.Truncated, "true"):
			return &Error{Path: graphPath, What: e.what,
				Message: "the answer is cut off and names no next page, so that caches would be missed"}
		case page.SkipToken == "":
			return nil
		}
		body.Options.SkipToken = page.SkipToken
		if err := c.honourQuota(ctx, got.header); err != nil {
			return err
		}
	}
}

// longestQuotaWait bounds what an answer can make a walk wait; the quota is reset
// every five seconds.
const longestQuotaWait = 5 * time.Minute

// honourQuota waits where an answer says that the quota of queries is used up.
func (c *Client) honourQuota(ctx context.Context, h http.Header) error {
	if h.Get("x-ms-user-quota-remaining") != "0" {
		return nil
	}
	return c.sleep(ctx, min(resetsAfter(h.Get("x-ms-user-quota-resets-after")), longestQuotaWait))
}

// resetsAfter reads hours, minutes and seconds.
func resetsAfter(text string) time.Duration {
	var h, m, s int
	if n, err := fmt.Sscanf(text, "%d:%d:%d", &h, &m, &s); n != 3 || err != nil || h < 0 || m < 0 || s < 0 {
		return 0
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
}

// Sleep waits, at most until the context is done.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
