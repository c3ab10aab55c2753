// Command serve runs a fake of the CBC until it is stopped, to try an SDK without an account, and for tests in other languages than
// Go. It prints its address, and on standard error the keys that it accepts. The names of its orders are those of scenarios.json.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/cbcerr/cbcerr/service/test/fakecbc"
)

func main() {
	address := flag.String("addr", "127.0.0.1:0", "`address` to listen on")
	unsigned := flag.Bool("unsigned", false, "answer requests without a valid signature")
	flag.Parse()
	handler, err := fakecbc.NewHandler()
	if err != nil {
		log.Fatal(err)
	}
	handler.Unsigned = *unsigned
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "export HUAWEICLOUD_SDK_AK=%s HUAWEICLOUD_SDK_SK=%s HUAWEICLOUD_SDK_DOMAIN_ID=d\n", fakecbc.TestKeys.Access, fakecbc.TestKeys.Secret)
	fmt.Printf("http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	log.Fatal(server.Serve(listener))
}
