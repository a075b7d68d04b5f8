package steering

import "slices"

// Internal tells which entries of a project are the vendor's own business. Nil means that none are.
type Internal func(kind EntryKind, id int) bool

// Without returns the project as those see it who are not the vendor's: without its internal risks and issues. It shares
// everything else with p and must not be changed or saved.
func (p *Project) Without(internal Internal) *Project {
	if internal == nil {
		return p
	}
	seen := *p
	seen.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r *Risk) bool { return internal(KindRisk, r.ID) })
	seen.Issues = slices.DeleteFunc(slices.Clone(p.Issues), func(i *Issue) bool { return internal(KindIssue, i.ID) })
	return &seen
}

// VendorOnly lists the platforms on which a project has chats of the vendor's own and none of the committee's, in order.
func (p *Project) VendorOnly() []string {
	var vendor, committee []string
	for _, c := range p.Chats {
		if c.Audience == AudienceVendor {
			vendor = append(vendor, c.Platform)
		} else {
			committee = append(committee, c.Platform)
		}
	}
	if len(committee) == 0 {
		return nil
	}
	vendor = slices.DeleteFunc(vendor, func(platform string) bool { return slices.Contains(committee, platform) })
	slices.Sort(vendor)
	return slices.Compact(vendor)
}

// IsVendors reports whether a chat is the vendor's own, in a project that the committee steers elsewhere.
func (p *Project) IsVendors(platform, id string) bool {
	own, committee := false, false
	for _, c := range p.Chats {
		own = own || c.Audience == AudienceVendor && c.Platform == platform && c.ID == id
		committee = committee || c.Audience != AudienceVendor
	}
	return own && committee
}
