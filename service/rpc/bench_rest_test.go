package rpc_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cbcerr/cbcerr/service/servertest"
	"google.golang.org/protobuf/encoding/protojson"
)

func BenchmarkREST(b *testing.B) {
	base := "http://" + servertest.Start(b).HTTPAddr()
	js, _ := protojson.Marshal(usualRequest())
	transport := &http.Transport{MaxIdleConnsPerHost: 128}
	client := &http.Client{Transport: transport}
	do := func(b *testing.B, url string, body []byte) []byte {
		q, _ := http.NewRequest("POST", url, bytes.NewReader(body))
		q.Header.Set("Content-Type", "application/json")
		a, err := client.Do(q)
		if err != nil {
			b.Fatal(err)
		}
		defer a.Body.Close()
		out, _ := io.ReadAll(a.Body)
		if a.StatusCode != 200 {
			b.Fatal(string(out))
		}
		return out
	}
	reply := do(b, base+"/v1/responses:translate", js)
	static := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Write(reply)
	}))
	defer static.Close()
	for range 3 {
		for _, c := range []struct {
			name, url string
			body      []byte
		}{
			{"static", static.URL, js},
			{"translate", base + "/v1/responses:translate", js},
			{"raw", base + "/v1/responses:translateRaw?httpStatus=403&locales=zh-CN&headers[X-Request-Id]=8a7d5e0f3b1c4d2e", []byte(usualRequest().GetResponse().GetText())},
		} {
			b.Run(c.name, func(b *testing.B) {
				b.SetParallelism(32)
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						do(b, c.url, c.body)
					}
				})
			})
		}
	}
}
