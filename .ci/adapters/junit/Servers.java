import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** The servers of the tests. */
final class Servers {
  static final String CBCERRD = System.getProperty("cbcerrd");
  static final String CBC = System.getProperty("cbc");

  /** An address where nothing listens. */
  static final String CLOSED = "127.0.0.1:1";

  private Servers() {}

  static ManagedChannel channel(String address) {
    return ManagedChannelBuilder.forTarget(address).usePlaintext().build();
  }

  /** Waits until a channel is connected: on a busy machine, this takes longer than the deadline. */
  static void awaitConnection(ManagedChannel channel) throws InterruptedException {
    for (int i = 0; channel.getState(true) != ConnectivityState.READY; i++) {
      assertTrue(i < 3000, "no connection to " + channel.authority());
      Thread.sleep(10);
    }
  }

  /** Returns a server that accepts connections and never answers. */
  static ServerSocket silent() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** A server that sends a response to the first requests, then a success. */
  static final class Cbc implements AutoCloseable {
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    Cbc(int failures, int status, String failure, String success) throws IOException {
      this(failures, status, failure, success, "application/json");
    }

    Cbc(int failures, int status, String failure, String success, String contentType)
        throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            boolean fails = requests.incrementAndGet() <= failures;
            byte[] body = (fails ? failure : success).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", contentType);
            for (int i = 0; i < 70; i++) { // cbcerrd refuses more than 64
              exchange.getResponseHeaders().add("X-Other-" + i, "");
            }
            exchange.sendResponseHeaders(fails ? status : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int requests() {
      return requests.get();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
