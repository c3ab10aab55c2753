package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/spf13/pflag"
)

// rowFlags are the flags of add for the columns of codes.tsv and gateway.tsv.
var rowFlags = []struct{ name, column, usage string }{
	{"reason", "reason", "`constant` to branch on, such as BALANCE_INSUFFICIENT; required"},
	{"en", "en", "English `text`; required"},
	{"zh", "zh-CN", "Chinese `text`; required"},
	{"source", "source", "where the code is published: page (Huawei's), the name of another `page`, or live responses; required"},
	{"http", "http", "HTTP `status` that the source documents"},
	{"translated", "translated", "`languages` of the texts that this project translated: en, zh-CN or en,zh-CN"},
	{"status", "status", "`name` of the google.rpc.Code, such as FAILED_PRECONDITION"},
	{"retry", "retry", "`name` of the retry advice, such as FIX_STATE"},
	{"outcome", "outcome", "`name` of the outcome, such as NOT_APPLIED"},
	{"wait", "wait", "retry `delay`, such as 30s"},
	{"detail", "detail", "standard error `details`, such as precondition:FUNDS"},
}

// reasonFlags are the flags of add for the columns of reasons.tsv.
var reasonFlags = []struct{ name, column, usage string }{
	{"comment", "comment", "of a new reason: what it means, one English `sentence`"},
	{"advice-en", "advice.en", "of a new reason: what to do, one English `sentence`"},
	{"advice-zh", "advice.zh-CN", "of a new reason: what to do, one Chinese `sentence`"},
}

// An addCommand has the flags of add.
type addCommand struct {
	*pflag.FlagSet
	root       string
	tablesOnly bool
}

func newAddCommand() *addCommand {
	c := &addCommand{FlagSet: pflag.NewFlagSet("add", pflag.ContinueOnError)}
	c.SortFlags = false
	c.Usage = func() {} // run prints it
	for _, f := range rowFlags {
		c.String(f.name, "", f.usage)
	}
	for _, f := range reasonFlags {
		c.String(f.name, "", f.usage)
	}
	c.StringVar(&c.root, "root", ".", "root `directory` of the repository")
	c.BoolVar(&c.tablesOnly, "tables-only", false, "leave out the last step, update; for several codes in a row")
	return c
}

// addition returns the row that the arguments describe.
func (c *addCommand) addition(code string) catalog.Addition {
	a := catalog.Addition{Row: map[string]string{"code": code}, Reason: map[string]string{}}
	for _, f := range rowFlags {
		a.Row[f.column] = c.Lookup(f.name).Value.String()
	}
	for _, f := range reasonFlags {
		if c.Changed(f.name) {
			a.Reason[f.column] = c.Lookup(f.name).Value.String()
		}
	}
	return a
}

// add adds a code to the tables and then updates all that depends on them. If a law is broken, it writes nothing.
func add(args []string, out io.Writer) error {
	c := newAddCommand()
	if err := c.Parse(args); err != nil {
		return err
	}
	if c.NArg() != 1 {
		return fmt.Errorf("add %q: must have one code\n%s", c.Args(), usage())
	}
	tables := filepath.Join(c.root, tablesDir)
	changed, files, err := catalog.Add(os.DirFS(tables), c.addition(c.Arg(0)))
	if err != nil {
		return fmt.Errorf("%s: nothing is written:\n%w", tables, err)
	}
	if err := writeGenerated(c.root, changed); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(tables, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintln(out, "added a row to", filepath.Join(tables, name))
	}
	if c.tablesOnly {
		return nil
	}
	return update(c.root, out)
}
