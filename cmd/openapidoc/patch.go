package main

import (
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
)

// An object is a JSON object.
type object = map[string]any

// merge applies a JSON merge patch (RFC 7396) to a value and returns the result. Unlike the RFC, it merges lists whose
// elements have a name, such as parameters and tags, by that name.
func merge(value, patch any) any {
	changes, isObject := patch.(object)
	if !isObject {
		return mergeNamed(value, patch)
	}
	target, ok := value.(object)
	if !ok {
		target = object{}
	}
	for key, change := range changes {
		if change == nil {
			delete(target, key)
		} else {
			target[key] = merge(target[key], change)
		}
	}
	return target
}

// mergeNamed merges a list into another by the names of their elements. Any other patch replaces the value.
func mergeNamed(value, patch any) any {
	list, isList := value.([]any)
	changes, isPatchList := patch.([]any)
	if !isList || !isPatchList {
		return patch
	}
	for _, change := range changes {
		name, ok := nameOf(change)
		if !ok {
			return patch
		}
		if i := indexOf(list, name); i >= 0 {
			list[i] = merge(list[i], change)
		} else {
			list = append(list, change)
		}
	}
	return list
}

// indexOf returns the index of the element with a name, -1 without one.
func indexOf(list []any, name string) int {
	for i, element := range list {
		if other, ok := nameOf(element); ok && other == name {
			return i
		}
	}
	return -1
}

func nameOf(value any) (string, bool) {
	o, _ := value.(object)
	name, ok := o["name"].(string)
	return name, ok
}

// addPatches applies the patch files to the document, in the order of their names.
func addPatches(document object) error {
	names, err := fs.Glob(patchFiles, "patch/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := patchFiles.ReadFile(name)
		if err != nil {
			return err
		}
		var patch object
		if err := yaml.Unmarshal(text, &patch); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		merge(document, patch)
	}
	return nil
}

// normalize corrects the generated operations: the comment of a method becomes the description, not the summary, and a map
// parameter becomes a deepObject, which is written name[key]=value.
func normalize(document object) {
	for _, path := range descend(document, "paths") {
		for _, operation := range path.(object) {
			o := operation.(object)
			o["description"] = o["summary"]
			delete(o, "summary")
			parameters, _ := o["parameters"].([]any)
			for _, parameter := range parameters {
				normalizeMap(parameter.(object))
			}
		}
	}
}

func normalizeMap(parameter object) {
	name, isMap := strings.CutSuffix(parameter["name"].(string), "[string]")
	if isMap {
		parameter["name"], parameter["style"], parameter["explode"] = name, "deepObject", true
		parameter["schema"] = object{"type": "object", "additionalProperties": parameter["schema"]}
	}
}

// descend returns the object at a path of keys. Missing objects are created.
func descend(o object, keys ...string) object {
	for _, key := range keys {
		next, ok := o[key].(object)
		if !ok {
			next = object{}
			o[key] = next
		}
		o = next
	}
	return o
}
