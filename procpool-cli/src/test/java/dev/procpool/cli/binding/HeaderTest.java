package dev.procpool.cli.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.CommandLineFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A header binds columns by its names, or the run is refused: never to what stands there. */
class HeaderTest {

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();
  private Path source;

  @BeforeEach
  void compile() {
    source =
        CommandLineFixture.write(
            directory.resolve("Shop.java"),
            """
            class Shop {
              record Order(int qty, double rate) {
                double price() { return qty * rate; }
              }
              static double price(int qty, double rate) { return qty * rate; }
              static double total(Order order) { return order.price(); }
              static int one(int qty) { return qty; }
              static Object row(java.util.Map<String, String> row) { return row; }
              static int size(java.util.List<String> row) { return row.size(); }
            }
            """);
  }

  private int run(String mode, String method, String text, String... more) {
    List<String> args = new ArrayList<>(List.of(mode, source + "::" + method));
    args.addAll(List.of("--format", "csv", "--header"));
    args.addAll(List.of(more));
    return cli.run(text, args.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          starmap | price | Rate,qty     | the header has no column 'rate' for Shop.price(int qty, double rate); did you mean 'Rate'? it has Rate, qty (--by-position
          starmap | price | ratte,qty    | the header has no column 'rate' for Shop.price(int qty, double rate); did you mean 'ratte'?
          starmap | price | a,b          | the header has no column 'qty' for Shop.price(int qty, double rate); it has a, b (--by
          starmap | price | rate,qty,qty | the header has 'qty' twice, in columns 2 and 3: which one is meant?
          starmap | price | rate;qty     | the header has no column 'qty' for Shop.price(int qty, double rate); did you mean 'rate;qty'? it has rate;qty (--by-position passes over the names); is it separated by ';'? --delimiter ';'
          map     | total | Rate,qty     | the header has no column 'rate' for the record Order; did you mean 'Rate'?
          map     | total | rate,qty,qty | the header has 'qty' twice, in columns 2 and 3
          map     | one   | id,Qty       | the header has no column 'qty' for Shop.one(int qty); did you mean 'Qty'?
          map     | row   | a,b,a        | the header has 'a' twice, in columns 1 and 3: which one is meant?
          """)
  void namesThatAreNotThereAreRefused(String mode, String method, String header, String message) {
    assertThat(run(mode, method, header + "\n1,2,3\n")).isEqualTo(2);

    assertThat(cli.err).startsWith("procpool: " + message.replace("did you mean 'rate;qty'? ", ""));
    assertThat(cli.opened).isEmpty();
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void columnsThatNobodyWantsMayBeAnything() {
    assertThat(run("starmap", "price", "note,rate,note,qty,\nx,2,y,3,z\n")).isZero();
    assertThat(run("map", "total", "note,rate,note,qty\nx,2,y,3\n")).isZero();
    assertThat(run("map", "size", "a,a\nx,2\n")).isZero();

    assertThat(cli.results().stream().map(r -> r.get("value").intValue())).containsExactly(6, 6, 2);
  }

  @Test
  void byPositionIsSaid() {
    assertThat(run("starmap", "price", "rate,Quantity\n3,0.5\n", "--by-position")).isZero();
    assertThat(run("map", "one", "Quantity\n3\n")).as("there is no choice").isZero();

    assertThat(cli.results().stream().map(r -> r.get("value").doubleValue()))
        .containsExactly(1.5, 3.0);
    assertThat(run("starmap", "price", "a,b,c\n1,2,3\n", "--by-position")).isEqualTo(2);
    assertThat(cli.err).contains("the header has 3 fields, but Shop.price(");
  }

  @Test
  void aMarkBeforeTheHeaderIsNoPartOfItsFirstName() {
    assertThat(run("starmap", "price", "\uFEFFrate,qty\n0.5,3\n")).isZero();
    assertThat(cli.results().get(0).get("value").doubleValue()).isEqualTo(1.5);
  }

  @Test
  void aNameTwiceInAnObjectIsNoRow() {
    String rows = "{\"qty\":1,\"rate\":2}\n{\"qty\":1,\"qty\":5,\"rate\":2}\n";

    assertThat(cli.run(rows, "starmap", source + "::price", "-f", "jsonl")).isEqualTo(1);
    assertThat(cli.run(rows, "map", source + "::row", "-f", "jsonl")).isEqualTo(1);

    assertThat(cli.results().stream().map(r -> r.get("status").asText()))
        .containsExactly("ok", "invalid", "ok", "invalid");
    assertThat(cli.results().get(1).get("error").get("message").asText())
        .contains("Duplicate field 'qty'");
  }
}
