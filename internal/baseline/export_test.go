package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Service returns the service of the document in which an entry stands.
func (e *Entry) Service() *service.Service { return e.service }

// RemedyOf returns what one remedy says to write in a dialect.
func (e *Entry) RemedyOf(r Remedy, d posture.Dialect) string {
	rule := Rule{Remedies: []Remedy{r}}
	return rule.remedy(&posture.Cache{Dialect: d, Type: e.service.Type}, nil)
}
