package catalog_test

import (
	"fmt"

	"github.com/cbcerr/cbcerr/service/catalog"
)

func ExampleCatalog_Lookup() {
	c, err := catalog.Embedded()
	if err != nil {
		panic(err)
	}
	entry, ok := c.Lookup(catalog.Canonical("cbc. 0250"))
	fmt.Println(ok, entry.Status, entry.Reason, entry.Retry)
	text, tag := c.Text(entry.Key, "zh-CN")
	fmt.Println(tag, text)
	// Output:
	// true RESOURCE_EXHAUSTED REQUEST_THROTTLED BACKOFF
	// zh-CN 消息流量控制。
}

func ExampleCatalog_Negotiate() {
	c, err := catalog.Embedded()
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Negotiate(catalog.Preferences{AcceptLanguage: []string{"fr, zh-TW;q=0.8, en;q=0.5"}}))
	// Output: zh-CN
}
