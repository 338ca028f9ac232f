package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// patchSchedule counts the windows of a patch schedule that azapi makes.
func (p *linker) patchSchedule(in *instance, v view, out *posture.Cache) {
	windows := vocabulary.Elements(in.at(v, vocabulary.Windows), in.evidence(vocabulary.Windows))
	patchFact(p.patched(kindPatchSchedule, in, ""), &windows)
	if in.hidden {
		windows = posture.Unknown[int](posture.ReasonWriteOnly, windows.Source.Path).WithDetail("sensitive_body may set it")
	}
	if own, ok := out.MaintenanceWindows.Get(); !ok || own == 0 {
		out.MaintenanceWindows = windows
		if p.migration {
			out.MaintenanceDays = vocabulary.WindowDays(in.at(v, vocabulary.Windows), windows.Source.Path)
		}
	}
}

// maintenanceDays says of the days of a patch schedule what is known of their number: none,
// or that they are not known.
func maintenanceDays(out *posture.Cache) {
	switch windows := out.MaintenanceWindows; {
	case windows.IsUnknown():
		out.MaintenanceDays = posture.Unknown[[]string](windows.Why(), windows.Source.Path).WithDetail(windows.Source.Detail)
	case windows.IsUnset(), windows.V == 0:
		out.MaintenanceDays = posture.Unset[[]string](windows.Source.Path)
	}
}

// noPatchSchedule says what is known of a cache without windows: a schedule that
// may be for it, or that it has none, where absence was seen.
func (p *linker) noPatchSchedule(c *cacheEntry, out *posture.Cache, seen bool) {
	windows, doubts := &out.MaintenanceWindows, p.doubts.of(kindPatchSchedule, c)
	none := windows.IsUnset() || windows.IsKnown() && windows.V == 0
	open := windows.IsUnknown() && windows.Why() == posture.ReasonNotObserved && strings.HasPrefix(windows.Source.Path, "patchSchedules")
	switch {
	case len(doubts) > 0 && (none || open):
		*windows = posture.Unknown[int](doubts[0].Reason,
			windows.Source.Path).WithDetail(doubts[0].Address + " may be its patch schedule: " + doubts[0].Detail)
	case open && seen:
		*windows = posture.Unset[int](windows.Source.Path)
	}
}
