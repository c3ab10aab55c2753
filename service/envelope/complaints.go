package envelope

// A complaintList is a list of things that did not pass: texts, or objects that name the thing under one of the keys
// of the fact subject, if they do. They belong to one kind of standard detail, or to whichever there is.
type complaintList struct {
	key    string
	detail string
}

// complaintLists are all of them.
var complaintLists = []complaintList{
	{key: "errorItems"},
	{key: "fail_check_items"},
	{key: "quota_infos", detail: "quota"},
	{key: "enterprise_project_auth_result", detail: "precondition"},
}

// Complaint is the name of a field, check, quota or project that did not pass.
type Complaint struct {
	Detail string // the kind of standard detail it belongs to; empty for any
	Name   string
}

// maxComplaints is more than any answer has room for.
const maxComplaints = 1 << 8

// complaints are the things that did not pass, in the order of the body.
func (e Envelope) complaints() []Complaint {
	if len(e.lists) == 0 {
		return nil
	}
	var all []Complaint
	r := newReader(e.HTTPStatus, false)
	defer r.free()
	for _, l := range e.lists {
		if l.complaints == nil {
			continue
		}
		for en := range r.entries(l) {
			if len(all) == maxComplaints {
				return all
			}
			if name := en.text + en.facts[subject].text; name != "" || en.object {
				all = append(all, Complaint{l.complaints.detail, name})
			}
		}
	}
	return all
}
