import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** A scenario of scenarios.json. */
record Scenario(String name, String path, int status, String body, JsonNode want) {
  /** The SDK cannot read the body of this one. */
  static final String UNREADABLE = "broken_off";

  static List<Scenario> all() throws IOException {
    JsonNode table =
        new ObjectMapper().readTree(Path.of("service/test/fakecbc/scenarios.json").toFile());
    return StreamSupport.stream(table.spliterator(), false)
        .map(
            row ->
                new Scenario(
                    row.get("name").asText(),
                    row.get("path").asText(),
                    row.get("status").asInt(),
                    row.get("body").asText(),
                    row.get("want")))
        .toList();
  }

  static List<Scenario> readable() throws IOException {
    return all().stream().filter(scenario -> !scenario.name.equals(UNREADABLE)).toList();
  }

  /** The scenarios in which the SDK alone throws an exception. */
  static List<Scenario> thrown() throws IOException {
    return readable().stream().filter(scenario -> scenario.status >= 400).toList();
  }

  static Scenario named(String name) throws IOException {
    return all().stream().filter(scenario -> scenario.name.equals(name)).findFirst().orElseThrow();
  }

  boolean failed() {
    return !want.get("status").asText().equals("OK");
  }

  String want(String key) {
    return want.path(key).asText();
  }

  @Override
  public String toString() {
    return name;
  }
}
