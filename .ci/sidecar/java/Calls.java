import com.fasterxml.jackson.databind.ObjectMapper;
import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.core.SdkResponse;
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calls the CBC with the Java SDK and writes what the program sees of each call.
 *
 * <p>The arguments are ENDPOINT ACCESS_KEY SECRET_KEY METHOD=PATH..., and each line of the output
 * is a JSON object of a path and a result, or the parts of an exception.
 */
public final class Calls {
  private Calls() {}

  public static void main(String[] args) throws Exception {
    GlobalCredentials credentials =
        new GlobalCredentials().withAk(args[1]).withSk(args[2]).withDomainId("domain");
    BssClient client =
        BssClient.newBuilder().withCredential(credentials).withEndpoint(args[0]).build();
    ObjectMapper json = new ObjectMapper();
    for (String call : Arrays.copyOfRange(args, 3, args.length)) {
      String path = call.substring(call.indexOf('=') + 1);
      Map<String, Object> line = outcome(client, path);
      line.put("path", path);
      System.out.println(json.writeValueAsString(line));
    }
  }

  /** Returns what a program sees of a call. */
  private static Map<String, Object> outcome(BssClient client, String path) {
    Map<String, Object> seen = new LinkedHashMap<>();
    try {
      SdkResponse response = Operations.call(client, path);
      seen.put("result", response.getHttpStatusCode() + " " + response);
    } catch (ServiceResponseException e) {
      seen.put("type", e.getClass().getSimpleName());
      seen.put("status", e.getHttpStatusCode());
      seen.put("code", e.getErrorCode());
      seen.put("message", e.getErrorMsg());
      seen.put("request", e.getRequestId());
    } catch (SdkException e) {
      seen.put("type", e.getClass().getSimpleName());
      seen.put("message", e.getMessage());
    }
    return seen;
  }
}
