package report

import "timonel/steering"

// StageProgress is how far one stage of a plan has come.
type StageProgress struct {
	Name        string // "" for what belongs to no stage
	Done, Total int    // milestones; cancelled ones do not count
	Percent     int    // the mean of their progress, rounded down; 100 only when all are done
}

// Stages tells the progress of each stage that has milestones, in plan order, what belongs to none last.
func Stages(p *steering.Project) []StageProgress {
	out := make([]StageProgress, len(p.Stages)+1)
	index := map[string]int{}
	for i, s := range p.Stages {
		out[i].Name = s.Name
		index[s.Key] = i
	}
	for _, m := range p.Milestones {
		if m.Status == steering.Cancelled {
			continue
		}
		i, known := index[m.Stage]
		if !known {
			i = len(p.Stages)
		}
		out[i].Total++
		if m.Status == steering.Done {
			out[i].Done++
			out[i].Percent += 100
		} else {
			out[i].Percent += progressOf(m)
		}
	}
	kept := out[:0]
	for _, s := range out {
		if s.Total > 0 {
			s.Percent /= s.Total
			kept = append(kept, s)
		}
	}
	return kept
}

// progressOf is what counts of open work: what waits to be accepted is complete but for that.
func progressOf(m *steering.Milestone) int {
	if m.Status == steering.Submitted {
		return 99
	}
	return min(max(m.Progress, 0), 99)
}
