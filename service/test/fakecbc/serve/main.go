// Command serve runs a fake of the CBC until it is stopped, for tests in other languages than Go. It prints its address.
// Its keys are those of fakecbc.TestKeys.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
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
	fmt.Printf("http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	log.Fatal(server.Serve(listener))
}
