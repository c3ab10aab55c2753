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

// checkTimeout limits the health check.
const checkTimeout = 3 * time.Second

// healthcheck returns an error unless the local daemon, which it finds by the daemon's own flags, is ready. It prefers the
// admin port, which needs no certificate.
func (o options) healthcheck(ctx context.Context) error {
	secure := o.certificateFiles.cert != ""
	address := o.server.HTTPAddr
	switch {
	case o.server.AdminAddr != "":
		address, secure = o.server.AdminAddr, false
	case o.certificateFiles.clientCA != "":
		return errors.New("healthcheck: with --tls-client-ca it needs --admin-addr")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "0" {
		return fmt.Errorf("healthcheck: %q is not an address with a port", address)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return checkReady(ctx, secure, net.JoinHostPort(host, port))
}

// checkReady requests /readyz and returns an error unless the status is 200.
func checkReady(ctx context.Context, secure bool, address string) error {
	var config *tls.Config
	if secure {
		config = &tls.Config{InsecureSkipVerify: true} // the certificate names the public host, not localhost
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, baseURL(config, address)+"/readyz", http.NoBody)
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
