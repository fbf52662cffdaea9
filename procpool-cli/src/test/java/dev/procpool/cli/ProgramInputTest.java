package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a process of its own, with real workers: bytes in, bytes out, exit code. */
class ProgramInputTest {

  @TempDir Path directory;

  private String err = "";

  /** Runs it; gives the bytes of its results as ISO-8859-1, times and process numbers as 0. */
  private List<String> run(int exit, byte[] input, String... args) throws Exception {
    // what the system says is of no concern
    List<String> options = List.of("-Dfile.encoding=ISO-8859-1");
    Process program = Program.builder(directory, options, args).start();
    try (OutputStream in = program.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      assertThat(exit).as("it may end before it has read its input").isEqualTo(2);
    }
    int status = Program.end(directory, program);
    err = Files.readString(directory.resolve("err"));
    assertThat(status).as(err).isEqualTo(exit);
    return Files.readAllLines(directory.resolve("out"), StandardCharsets.ISO_8859_1).stream()
        .map(line -> line.replaceAll("\"ms\":[0-9.]+,\"pid\":[0-9]+", "\"ms\":0,\"pid\":0"))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String source(String methods) {
    return CommandLineFixture.write(
            directory.resolve("Job.java"), "class Job {\n" + methods + "\n}\n")
        .toString();
  }

  @Test
  void noByteIsReplacedAndNoRowSwallowed() throws Exception {
    String job = source("static String job(int number, String name) { return number + name; }");
    String mark = "\u00ef\u00bb\u00bf";
    String text = mark + "name,number\nB\u00c3\u00a9,1\nC\u00e9,2\n\"D,3\nE,4\n";

    List<String> results = run(1, bytes(text), "starmap", job + "::job", "--header", "-w", "1");

    assertThat(results)
        .containsExactly(
            "{\"index\":0,\"args\":[\"B\u00c3\u00a9\",1],\"status\":\"ok\",\"value\":\"1B\u00c3\u00a9\",\"ms\":0,\"pid\":0}",
            "{\"index\":1,\"args\":[\"C\u00ef\u00bf\u00bd,2\"],\"status\":\"invalid\",\"error\":{\"type\":\"InvalidRow\","
                + "\"message\":\"line 3, field 1, column 2: the byte 0xe9 is not text in UTF-8: give the"
                + " right --encoding, or mend it\"},\"ms\":0,\"pid\":0}",
            "{\"index\":2,\"args\":[\"\\\"D,3\"],\"status\":\"invalid\",\"error\":{\"type\":\"InvalidRow\","
                + "\"message\":\"line 4, column 1: a quote opens that nothing closes\"},\"ms\":0,\"pid\":0}",
            "{\"index\":3,\"args\":[\"E\",4],\"status\":\"ok\",\"value\":\"4E\",\"ms\":0,\"pid\":0}");
    assertThat(err).contains("4 items: 2 ok, 2 invalid");
  }

  @Test
  void aHeaderOfOtherNamesStartsNothing() throws Exception {
    String job = source("static String job(int number, String name) { return number + name; }");

    List<String> results =
        run(2, bytes("Name,number\nB,1\n"), "starmap", job + "::job", "--header", "-w", "1");

    assertThat(results).isEmpty();
    assertThat(err)
        .startsWith(
            "procpool: the header has no column 'name' for Job.job(int number, String name); did you"
                + " mean 'Name'?");
  }

  @Test
  void whatIsPackedComesThroughAPipe() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (String part : List.of("\u00ff\u00fea\0\n\0", "b\0\n\0")) { // UTF-16 in two streams of gzip
      try (OutputStream out = new GZIPOutputStream(packed)) {
        out.write(bytes(part));
      }
    }

    List<String> results = run(0, packed.toByteArray(), "map", "String::toUpperCase()", "-w", "1");

    assertThat(results)
        .hasSize(2)
        .first()
        .isEqualTo(
            "{\"index\":0,\"args\":[\"a\"],\"status\":\"ok\",\"value\":\"A\",\"ms\":0,\"pid\":0}");
    byte[] cut = Arrays.copyOf(packed.toByteArray(), packed.size() - 2);
    run(2, cut, "map", "String::toUpperCase()", "-w", "1");
    assertThat(err)
        .contains("INPUT: standard input can't be read: it ends in the middle of what is packed");
  }

  @Test
  void aValueWithoutJsonFormHasFailed() throws Exception {
    String job =
        source(
            """
            static class Priv { private int number = 1; }
            static Object job(String name) {
              return name.equals("a") ? new Priv() : "lone \\ud800 " + name;
            }
            """);

    List<String> results = run(1, bytes(""), "map", job + "::job", "-w", "1", ":::", "a", "-b");

    assertThat(results.get(0))
        .startsWith(
            "{\"index\":0,\"args\":[\"a\"],\"status\":\"failed\",\"error\":{\"type\":\"NoJsonForm\"");
    assertThat(results.get(1)).contains("\"value\":\"lone \\ud800 -b\"");
  }

  @Test
  void theCausesOfAFailedConstructorOrInitializerAreTold() throws Exception {
    String job =
        source(
            """
            static class Base {
              static int size;
              static {
                if (true) {
                  throw new IllegalStateException("no base", new java.io.IOException("refused"));
                }
              }
            }
            static class Made {
              Made() {
                throw new RuntimeException(
                    "no words", new IllegalStateException(new java.io.IOException("words.txt")));
              }
              int made(int number) { return number; }
            }
            static int job(int number) { return number + Base.size; }
            """);

    run(3, bytes(""), "map", job + "::made", "-w", "1", ":::", "7");
    assertThat(err)
        .startsWith(
            "procpool: Job$Made can't be made ready in a worker: its constructor threw"
                + " java.lang.RuntimeException: no words, caused by java.lang.IllegalStateException:"
                + " java.io.IOException: words.txt\n");

    assertThat(run(1, bytes(""), "map", job + "::job", "-w", "1", ":::", "7").get(0))
        .contains("\"type\":\"java.lang.ExceptionInInitializerError\"")
        .contains("the static initializer of class Job$Base failed")
        .contains("no base")
        .contains(", caused by java.io.IOException: refused");
  }

  @Test
  void aSourceFilesOptionsReachItsWorkers() throws Exception {
    CommandLineFixture.write(
        directory.resolve("Near.java"), "class Near { static final String NAME = \"near\"; }");
    String job =
        CommandLineFixture.write(
                directory.resolve("Job.java"),
                """
                //JAVA_OPTIONS -Dgreeting="good day" -Xmx48m
                class Job {
                  static String job(int number) {
                    return System.getProperty("greeting") + " " + Near.NAME + " " + number;
                  }
                }
                """)
            .toString();

    assertThat(run(0, bytes("7\n"), "map", job + "::job", "-w", "1").get(0))
        .contains("\"value\":\"good day near 7\"");
  }

  /** Results are passed on in batches, but none waits for an item that comes later. */
  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "value", "csv"})
  void aReaderSeesEachResultBeforeTheNextRowIsWritten(String form) throws Exception {
    Process program =
        Program.builder(
                directory,
                List.of(),
                "map",
                "java.lang.Math::sqrt",
                "--print",
                form,
                "--workers",
                "2",
                "-J-Xmx64m")
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    Writer rows = program.outputWriter();
    try (BufferedReader results = program.inputReader()) {
      if (form.equals("csv")) {
        rows.write("4\n");
        rows.flush();
        assertThat(line(results)).isEqualTo("index,status,value,error");
        assertThat(line(results)).isEqualTo("0,ok,2.0,");
      }
      for (int i = 0; i < 5; i++) {
        rows.write("9\n");
        rows.flush();
        assertThat(line(results)).contains("3.0");
      }
      rows.close();
      assertThat(line(results)).isNull();
      assertThat(Program.end(directory, program)).isZero();
    } finally {
      program.destroyForcibly();
    }
  }

  private static String line(BufferedReader results) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return results.readLine();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void noFieldOrValueIsTakenForAnother() throws Exception {
    String job =
        source(
            """
            record Row(java.time.LocalDate due, String id) {}
            static String field(java.util.Optional<String> note, double size) {
              return note + " " + size;
            }
            static String json(Row row) { return row.toString(); }
            static byte[] bytes(String text) { return text.getBytes(); }
            static String text(byte[] bytes) { return new String(bytes); }
            """);

    String rows = "a,1\n,2.5\nb,3d\nc,1e999\n\0,4\n\u00ef\u00bb\u00bfd,5\n";
    byte[] much = bytes("a,1\n".repeat(2000) + rows);
    List<String> results = run(1, much, "starmap", job + "::field", "-w", "1");
    assertThat(results).hasSize(2006);
    assertThat(results.get(2001)).contains("\"value\":\"Optional.empty 2.5\"");
    assertThat(results.subList(2002, 2006)).allMatch(line -> line.contains("\"invalid\""));

    String lines = "{\"due\":20240102,\"id\":\"a\"}\n{\"due\":\"2024-02-30\",\"id\":\"b\"}\n";
    results = run(1, bytes(lines), "map", job + "::json", "-f", "jsonl", "-w", "1");
    assertThat(results).hasSize(2).allMatch(line -> line.contains("\"invalid\""));

    results = run(0, bytes(""), "map", job + "::bytes", "-w", "1", ":::", "as it was");
    String first = String.join("\n", results) + "\n";
    results = run(0, bytes(first), "map", job + "::text", "--from-results", "-w", "1");
    assertThat(results.get(0)).contains("\"value\":\"as it was\"");
  }

  @Test
  void aPipeIsTheOutputByItsName() throws Exception {
    Process program =
        Program.builder(
                directory,
                List.of(),
                "map",
                "String::strip",
                "-w",
                "1",
                "--out",
                "/dev/stdout",
                ":::",
                "a")
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();

    try (BufferedReader results = program.inputReader()) {
      assertThat(line(results)).startsWith("{\"index\":0,");
      assertThat(line(results)).isNull();
    }
    assertThat(Program.end(directory, program)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Job", "Needs"})
  void nothingIsLeftIfASignalComesWhileASourceIsMadeReady(String name) throws Exception {
    source("static int job(int number) { return number; }");
    CommandLineFixture.write(
        directory.resolve("Needs.java"), "//DEPS no.such:thing:1\nclass Needs {}");
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Process program;
    try (WatchService made = directory.getFileSystem().newWatchService()) {
      temporary.register(made, StandardWatchEventKinds.ENTRY_CREATE);
      program =
          Program.builder(
                  directory,
                  List.of("-Djava.io.tmpdir=" + temporary, "-Duser.home=" + directory),
                  "map",
                  directory.resolve(name + ".java") + "::job")
              .start();
      assertThat(made.poll(60, TimeUnit.SECONDS)).isNotNull();
    }
    List<ProcessHandle> begun = program.descendants().toList();
    program.destroy();

    Program.end(directory, program);

    assertThat(temporary).isEmptyDirectory();
    for (ProcessHandle mvn : begun) {
      mvn.onExit().get(60, TimeUnit.SECONDS);
    }
  }
}
