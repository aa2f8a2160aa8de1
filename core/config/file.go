package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// fileValue is a leaf of the file, with the line for messages.
type fileValue struct {
	key  string
	line int
	node *yaml.Node
}

// readFile returns the leaves of a YAML file in their order. known tells leaves from sections, so that a list or mapping in
// the place of a setting is left to the setting to refuse.
func readFile(path string, known func(key string) bool) ([]fileValue, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	defer f.Close()
	dec := yaml.NewDecoder(f)
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s is not valid YAML: %w", path, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s has more than one document; settings are a single one", path)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: expected settings as `key: value`", path, root.Line)
	}
	w := &fileWalk{path: path, known: known, lines: map[string]int{}}
	w.mapping(root, "")
	return w.values, errors.Join(w.problems...)
}

type fileWalk struct {
	path     string
	known    func(string) bool
	lines    map[string]int
	values   []fileValue
	problems []error
}

func (w *fileWalk) mapping(n *yaml.Node, prefix string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.Kind != yaml.ScalarNode || value.Kind == yaml.AliasNode || name.Tag == "!!merge" {
			w.problems = append(w.problems, fmt.Errorf("%s:%d: anchors and merges are not understood in settings; write the value out", w.path, name.Line))
			continue
		}
		key := name.Value
		if prefix != "" {
			key = prefix + "." + key
		}
		if value.Kind == yaml.MappingNode && !w.known(key) && len(value.Content) > 0 {
			w.mapping(value, key)
			continue
		}
		if first, ok := w.lines[key]; ok {
			w.problems = append(w.problems, fmt.Errorf("%s:%d: %s is already set in line %d", w.path, name.Line, key, first))
			continue
		}
		w.lines[key] = name.Line
		w.values = append(w.values, fileValue{key: key, line: name.Line, node: value})
	}
}

// empty reports a key without a value (`url:`), which leaves the default in force.
func (v fileValue) empty() bool {
	return v.node.Kind == yaml.ScalarNode && v.node.Tag == "!!null"
}

func (v fileValue) place(path string) string { return path + ":" + strconv.Itoa(v.line) }
