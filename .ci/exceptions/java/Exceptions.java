import com.fasterxml.jackson.databind.ObjectMapper;
import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.bss.v2.model.CancelResourcesSubscriptionRequest;
import com.huaweicloud.sdk.bss.v2.model.ShowCustomerAccountBalancesRequest;
import com.huaweicloud.sdk.bss.v2.model.UnsubscribeResourcesReq;
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.exception.SdkException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/**
 * Calls each given server with the Java SDK and writes every form in which people see its
 * exception.
 *
 * <p>The arguments are NAME METHOD URL, repeated. Each line of the output is a JSON object of a
 * response's name, a form, and the text.
 */
public final class Exceptions {
  private Exceptions() {}

  public static void main(String[] args) throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (int i = 0; i + 2 < args.length; i += 3) {
      SdkException exception = call(args[i + 1], args[i + 2]);
      for (Map.Entry<String, String> form : forms(exception, json).entrySet()) {
        Map<String, String> line =
            Map.of("response", args[i], "form", form.getKey(), "text", form.getValue());
        System.out.println(json.writeValueAsString(line));
      }
    }
  }

  /** Returns the exception of one call. */
  private static SdkException call(String method, String url) {
    GlobalCredentials credentials =
        new GlobalCredentials().withAk("ak").withSk("sk").withDomainId("domain");
    BssClient client = BssClient.newBuilder().withCredential(credentials).withEndpoint(url).build();
    try {
      if (method.equals("GET")) {
        client.showCustomerAccountBalances(new ShowCustomerAccountBalancesRequest());
      } else {
        client.cancelResourcesSubscription(
            new CancelResourcesSubscriptionRequest()
                .withBody(
                    new UnsubscribeResourcesReq()
                        .withResourceIds(List.of("resource"))
                        .withUnsubscribeType(1)));
      }
    } catch (SdkException e) {
      return e;
    }
    throw new IllegalStateException("the SDK throws nothing");
  }

  /** Returns an exception's texts by the names of their forms. */
  private static Map<String, String> forms(SdkException e, ObjectMapper json) throws Exception {
    Map<String, String> forms = new TreeMap<>();
    forms.put("toString", e.toString());
    forms.put("getMessage", String.valueOf(e.getMessage()));
    forms.put("stack trace", stackTrace(e));
    forms.put("cause", stackTrace(new IllegalStateException("unsubscribe failed", e)));
    forms.put("CompletionException", new CompletionException(e).toString());
    forms.put("Jackson", json.writeValueAsString(e));
    return forms;
  }

  private static String stackTrace(Exception e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
