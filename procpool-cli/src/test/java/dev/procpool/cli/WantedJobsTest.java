package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that somebody would want: a large file of rows, a tree of files, documents of which many are
 * broken. Each is killed with {@code -9} half-way and gone on with, and ends as if it had not been.
 */
class WantedJobsTest {

  private static final Path JOBS = Path.of("..", "examples", "jobs").toAbsolutePath().normalize();
  private static final int ORDERS = 100_000;
  private static final int FILES = 2_000;
  private static final int DOCUMENTS = 120;

  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aHundredThousandRows() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    List<String> rows = new ArrayList<>(List.of("day,id,qty,rate"));
    for (int i = 0; i < ORDERS; i++) {
      int qty = random.nextInt(1000) - 1; // one in five hundred is none
      rows.add(
          "2026-0%d-1%d,order %d,%d,%d.%d"
              .formatted(1 + i % 9, i % 10, i, qty, random.nextInt(90), random.nextInt(10)));
    }
    Files.write(directory.resolve("orders.csv"), rows);

    Map<String, Long> statuses =
        killedAndResumed(
            25_000, "starmap", JOBS.resolve("Orders.java") + "::total", "orders.csv", "--header");

    assertThat(statuses.get("failed")).isBetween(100L, 400L);
    assertThat(statuses.get("ok") + statuses.get("failed")).isEqualTo(ORDERS);
  }

  @Test
  void aTreeOfFiles() throws Exception {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < FILES; i++) {
      Path file = directory.resolve("tree/%d/%d/file %d".formatted(i % 7, i % 31, i));
      Files.createDirectories(file.getParent());
      byte[] content = new byte[random.nextInt(20_000)];
      random.nextBytes(content);
      Files.write(file, content);
    }

    Map<String, Long> statuses =
        killedAndResumed(
            500, "map", JOBS.resolve("Digests.java") + "::digest", "--files", "tree/**");

    assertThat(statuses).isEqualTo(Map.of("ok", (long) FILES));
  }

  @Test
  void documentsOfWhichManyAreBroken() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    Path inbox = Files.createDirectory(directory.resolve("inbox"));
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] document = document(i);
      switch (i % 4) {
        case 0 -> document = Arrays.copyOf(document, random.nextInt(document.length));
        case 1 -> {
          for (int flips = 0; flips < 200; flips++) {
            document[random.nextInt(document.length)] = (byte) random.nextInt();
          }
        }
        default -> {}
      }
      Files.write(inbox.resolve("%03d.pdf".formatted(i)), document);
    }

    Map<String, Long> statuses =
        killedAndResumed(
            25,
            "map",
            JOBS.resolve("PdfText.java") + "::read",
            "--files",
            "inbox/*.pdf",
            "-t",
            "60s",
            "-J-Xmx256m");

    assertThat(statuses.get("ok")).isGreaterThanOrEqualTo(DOCUMENTS / 2);
    assertThat(statuses.get("failed")).isPositive();
    assertThat(statuses.values().stream().mapToLong(n -> n).sum()).isEqualTo(DOCUMENTS);
    String text = Files.readString(directory.resolve("r.jsonl"));
    assertThat(text).contains("\"pages\":2").contains("Page 2 of document 2");
  }

  private static byte[] document(int number) throws IOException {
    try (PDDocument document = new PDDocument()) {
      for (int i = 1; i <= 2; i++) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(FontName.HELVETICA), 12);
          content.newLineAtOffset(50, 700);
          content.showText("Page " + i + " of document " + number);
          content.endText();
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.save(bytes);
      return bytes.toByteArray();
    }
  }

  /**
   * Runs a job once as a whole, and once killed and gone on with.
   *
   * @param rate how fast the one that is killed may be, so that it can be hit half-way
   * @return how many items have which status
   */
  private Map<String, Long> killedAndResumed(int rate, String... job) throws Exception {
    assertThat(end(start(with(job, "--out", "whole.jsonl")))).as(err()).isBetween(0, 1);
    long half = Files.size(directory.resolve("whole.jsonl")) / 2;

    Process program = start(with(job, "--out", "r.jsonl", "--rate", rate + "/s"));
    Path part = directory.resolve("r.jsonl.part");
    Instant limit = Instant.now().plus(Duration.ofMinutes(1));
    while (!Files.exists(part) || Files.size(part) < half) {
      assertThat(program.isAlive()).as(err()).isTrue();
      assertThat(Instant.now()).as(err()).isBefore(limit);
      Thread.sleep(5);
    }
    List<ProcessHandle> workers = program.descendants().toList();
    program.destroyForcibly().waitFor();
    while (workers.stream().anyMatch(ProcessHandle::isAlive)) {
      assertThat(Instant.now()).isBefore(limit.plus(Duration.ofMinutes(1)));
      Thread.sleep(5);
    }
    assertThat(directory.resolve("r.jsonl")).doesNotExist();

    assertThat(end(start(with(job, "--out", "r.jsonl", "--resume")))).as(err()).isBetween(0, 1);

    assertThat(err()).contains("results kept");
    List<String> resumed = results("r.jsonl");
    assertThat(String.join("\n", resumed).equals(String.join("\n", results("whole.jsonl"))))
        .as("the same bytes, but for times and processes")
        .isTrue();
    return resumed.stream()
        .map(CommandLineFixture::json)
        .collect(Collectors.groupingBy(r -> r.get("status").asText(), Collectors.counting()));
  }

  private static String[] with(String[] job, String... more) {
    return Stream.of(job, more).flatMap(Arrays::stream).toArray(String[]::new);
  }

  private Process start(String... args) throws IOException {
    Process program =
        Program.builder(directory, List.of(), args)
            .directory(directory.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    started.add(program);
    return program;
  }

  private int end(Process program) throws Exception {
    return Program.end(directory, program);
  }

  private String err() throws IOException {
    return Files.readString(directory.resolve("err"));
  }

  /** The results without what differs from run to run. */
  private List<String> results(String name) throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve(name))) {
      return lines
          .map(CommandLineFixture::json)
          .filter(line -> line.has("index"))
          .map(JsonNode::<ObjectNode>deepCopy)
          .map(line -> line.without(List.of("ms", "pid")).toString())
          .toList();
    }
  }
}
