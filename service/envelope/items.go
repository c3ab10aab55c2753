package envelope

// An itemPlace is a list of parts: the key of the list, the keys of a part's id, code and message, and what kind of
// thing a part is, if it is always the same. A part with neither code nor message did not fail. Without keys the
// parts are ids, and each failed with the response's own code.
type itemPlace struct {
	list, id, code, message string
	kind                    string
}

// itemPlaces are all lists of parts, in lower case.
var itemPlaces = []itemPlace{
	{list: "fail_resource_infos", id: "resource_id", code: "error_code", message: "error_msg", kind: "Resource"},
	{list: "error_details", id: "id", code: "error_code", message: "error_msg"},
	{list: "to_ondemand_service_results", id: "resource_id", code: "error_code", message: "error_msg", kind: "Resource"},
	{list: "faildetail", id: "id", code: "error_code", message: "error_msg"},
	{list: "expiredresourceids", kind: "Resource"},
}
