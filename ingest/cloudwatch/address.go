package cloudwatch

import (
	"fmt"
	"net/url"
)

// checkEndpoint says whether endpoint is an address to ask; "" leaves it to AWS.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("endpoint address %q: want http://HOST:PORT or https://HOST", endpoint)
	}
	return nil
}
