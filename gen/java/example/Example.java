import com.cbcerr.CbcError;
import com.cbcerr.error.v1.RaiseRequest;
import com.cbcerr.error.v1.RawResponse;
import com.cbcerr.error.v1.TranslationServiceGrpc;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;

public final class Example {
  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:9090";
    var channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    var response =
        RawResponse.newBuilder().setHttpStatus(400).setText("{\"error_code\":\"CBC.99003651\"}");
    var request = RaiseRequest.newBuilder().setResponse(response).addLocales("zh-CN").build();
    try {
      TranslationServiceGrpc.newBlockingStub(channel).raise(request);
    } catch (StatusRuntimeException failure) {
      CbcError error = CbcError.fromThrowable(failure).orElseThrow(() -> failure);
      System.out.println(error.getReason() + " " + error.getRetry() + " " + error.getMessage());
    } finally {
      channel.shutdown();
    }
  }
}
