package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// checkTimeout is how long the daemon may take to say that it is ready.
const checkTimeout = 3 * time.Second

// healthcheck asks the daemon that runs with the same settings on this machine whether it is ready. The admin port is asked if there
// is one, as it needs no certificate.
func (o options) healthcheck(ctx context.Context) error {
	secure := o.certificate.file != ""
	address := o.server.HTTPAddr
	switch {
	case o.server.AdminAddr != "":
		address, secure = o.server.AdminAddr, false
	case o.certificate.clientCA != "":
		return errors.New("healthcheck: where clients need certificates it needs --admin-addr")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "0" {
		return fmt.Errorf("healthcheck: %q is no address with a port", address)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return ready(ctx, secure, net.JoinHostPort(host, port))
}

func ready(ctx context.Context, secure bool, address string) error {
	var config *tls.Config
	if secure {
		config = &tls.Config{InsecureSkipVerify: true} // whoever listens on this machine's own address; its name is another
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme(config)+address+"/readyz", http.NoBody)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, Proxy: nil}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s", response.Status)
	}
	return nil
}
