package azure

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// graphRow is a cache as Resource Graph knows it. Its properties are not asked
// for: the index lags behind, and leaves out what is newer than itself.
type graphRow struct {
	ID   string            `json:"id"`
	Type string            `json:"type"`
	Tags map[string]string `json:"tags"`
}

// graphPage is one page of an answer.
type graphPage struct {
	Data      *[]graphRow `json:"data"`
	Truncated string      `json:"resultTruncated"`
	SkipToken string      `json:"$skipToken"`
}

// graphScope is what a query looks at: subscriptions or management groups.
type graphScope struct {
	Subscriptions    []string `json:"subscriptions,omitempty"`
	ManagementGroups []string `json:"managementGroups,omitempty"`
}

type graphQuery struct {
	graphScope
	Query   string       `json:"query"`
	Options graphOptions `json:"options"`
}

type graphOptions struct {
	Top          int    `json:"$top"`
	SkipToken    string `json:"$skipToken,omitempty"`
	ResultFormat string `json:"resultFormat"`
}

// Without an order, pages of the graph may repeat and miss rows.
const cachesQuery = "resources | where type in~ ('microsoft.cache/redis', 'microsoft.cache/redisenterprise') | project id, type, tags | " +
	"order by id asc"

// mostScopes is how many subscriptions or management groups one query names.
const (
	mostSubscriptions    = 1000
	mostManagementGroups = 10
)

// query reads all pages for one scope.
func (c *Client) query(ctx context.Context, scope graphScope, row func(graphRow)) error {
	body := graphQuery{graphScope: scope, Query: cachesQuery, Options: graphOptions{Top: 1000, ResultFormat: "objectArray"}}
	var pages paging
	for {
		var page graphPage
		got, err := c.send(ctx, resourceGraph, http.MethodPost, resourceGraphPath, nil, body, &page)
		if err != nil {
			return err
		}
		if page.Data == nil {
			return &Error{Path: resourceGraphPath, what: resourceGraph.what, Message: "the answer holds no rows"}
		}
		if err := pages.page(len(*page.Data), got.bytes, page.SkipToken); err != nil {
			return &Error{Path: resourceGraphPath, what: resourceGraph.what, Message: err.Error()}
		}
		for _, r := range *page.Data {
			row(r)
		}
		switch {
		case page.SkipToken == "" && strings.EqualFold(page.Truncated, "true"):
			return &Error{Path: resourceGraphPath, what: resourceGraph.what,
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

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
