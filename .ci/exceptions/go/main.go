// Command go calls each given server with the Go SDK and writes every form in which people see its error.
//
//	go NAME METHOD URL...
//
// Each line of the output is a JSON object of a response's name, a form, and the text.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	bss "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2/model"
)

func main() {
	out := json.NewEncoder(os.Stdout)
	for args := os.Args[1:]; len(args) >= 3; args = args[3:] {
		err := call(args[1], args[2])
		if err == nil {
			log.Fatalf("%s: the SDK returns no error", args[0])
		}
		for form, text := range forms(err) {
			if err := out.Encode(map[string]string{"response": args[0], "form": form, "text": text}); err != nil {
				log.Fatal(err)
			}
		}
	}
}

// call returns the error of one call.
func call(method, url string) error {
	credentials, err := global.NewCredentialsBuilder().WithAk("ak").WithSk("sk").WithDomainId("domain").SafeBuild()
	if err != nil {
		log.Fatal(err)
	}
	http, err := bss.BssClientBuilder().WithEndpoint(url).WithCredential(credentials).SafeBuild()
	if err != nil {
		log.Fatal(err)
	}
	client := bss.NewBssClient(http)
	if method == "GET" {
		_, err = client.ShowCustomerAccountBalances(&model.ShowCustomerAccountBalancesRequest{})
		return err
	}
	_, err = client.CancelResourcesSubscription(&model.CancelResourcesSubscriptionRequest{Body: &model.UnsubscribeResourcesReq{
		ResourceIds: []string{"resource"}, UnsubscribeType: 1,
	}})
	return err
}

// forms returns an error's texts by the names of their forms.
func forms(err error) map[string]string {
	marshalled, _ := json.Marshal(err)
	return map[string]string{
		"Error":     err.Error(),
		"%v":        fmt.Sprintf("%v", err),
		"%+v":       fmt.Sprintf("%+v", err),
		"%#v":       fmt.Sprintf("%#v", err),
		"%q":        fmt.Sprintf("%q", err),
		"%w":        fmt.Errorf("unsubscribe: %w", err).Error(),
		"Marshal":   string(marshalled),
		"log":       logged(err),
		"slog JSON": structured(err, func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) }),
		"slog text": structured(err, func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) }),
	}
}

func logged(err error) string {
	var line bytes.Buffer
	log.New(&line, "", log.LstdFlags).Printf("unsubscribe: %v", err)
	return line.String()
}

func structured(err error, handler func(*bytes.Buffer) slog.Handler) string {
	var line bytes.Buffer
	slog.New(handler(&line)).Error("unsubscribe failed", "attempt", 1, "error", err)
	return line.String()
}
