import com.cbcerr.CbcError;
import com.cbcerr.error.v1.RawResponse;
import com.cbcerr.error.v1.TranslateRequest;
import com.cbcerr.error.v1.TranslationServiceGrpc;
import io.grpc.ManagedChannelBuilder;
import java.util.concurrent.TimeUnit;

public final class Example {
  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:9090";
    var channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    var response =
        RawResponse.newBuilder().setHttpStatus(400).setText("{\"error_code\":\"CBC.99003651\"}");
    var request = TranslateRequest.newBuilder().setResponse(response).addLocales("zh-CN").build();
    try {
      var stub = TranslationServiceGrpc.newBlockingStub(channel);
      var answer = stub.withDeadlineAfter(5, TimeUnit.SECONDS).translate(request);
      // Empty if upstream succeeded.
      CbcError error = CbcError.fromStatus(answer.getTranslation().getStatus()).orElseThrow();
      System.out.println(error.getReason() + " " + error.getRetry() + " " + error.getMessage());
    } finally {
      channel.shutdown();
    }
  }
}
