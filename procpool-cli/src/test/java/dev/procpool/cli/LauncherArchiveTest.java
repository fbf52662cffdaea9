package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code bin/procpool} itself, on a jar of the classes under test. */
class LauncherArchiveTest {

  @TempDir Path home;

  private Path cache;

  @Test
  void theSecondRunMakesAnArchiveAndTheNextStartsFromIt() throws Exception {
    install();

    assertThat(startsFromArchive()).isFalse();
    assertThat(archives()).isEmpty();
    assertThat(startsFromArchive()).isFalse();
    assertThat(archives()).hasSize(1);
    Path archive = archives().get(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    assertThat(startsFromArchive()).isTrue();

    // whatever it is that lies there: the run is as ever
    byte[] whole = Files.readAllBytes(archive);
    overwrite(archive, whole.length / 2);
    assertThat(startsFromArchive()).as("overwritten").isFalse();
    Files.write(archive, whole);
    assertThat(startsFromArchive()).as("mended").isTrue();

    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(startsFromArchive()).as("written by others").isFalse();
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-------"));
    Path elsewhere = Files.move(archive, home.resolve("elsewhere"));
    Files.createSymbolicLink(archive, elsewhere);
    assertThat(startsFromArchive()).as("a link").isFalse();
    Files.delete(archive);

    try (OutputStream cut = Files.newOutputStream(archive)) {
      cut.write(whole, 0, whole.length / 2);
    }
    assertThat(startsFromArchive()).as("cut").isFalse();
    assertThat(archive).as("removed, to be made anew").doesNotExist();
  }

  @Test
  void anotherJarHasAnotherArchive() throws Exception {
    install();
    assertThat(runHelp()).contains("Usage: procpool map"); // which makes none
    assertThat(cache.resolve("procpool")).doesNotExist();
    startsFromArchive();
    startsFromArchive();
    assertThat(archives()).hasSize(1);

    Path jar = home.resolve("procpool-cli/target/procpool.jar");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L));
    assertThat(startsFromArchive()).isFalse();
    startsFromArchive();
    assertThat(archives()).hasSize(2);
    assertThat(startsFromArchive()).isTrue();
  }

  /** Writes the script and a jar; a JVM archives nothing of folders. */
  private void install() throws IOException {
    cache = Files.createDirectory(home.resolve("cache"));
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("..", "bin", "procpool"), home.resolve("bin/procpool"));
    List<Path> classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .toList();
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    main.put(
        Attributes.Name.CLASS_PATH,
        classPath.stream()
            .filter(Files::isRegularFile)
            .map(jar -> jar.toUri().toString())
            .collect(Collectors.joining(" ")));
    Path jar = home.resolve("procpool-cli/target/procpool.jar");
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (Path folder : classPath.stream().filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(folder.resolve("dev"))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            out.putNextEntry(new JarEntry(folder.relativize(file).toString()));
            Files.copy(file, out);
          }
        }
      }
    }
  }

  private String runHelp() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", home.resolve("bin/procpool").toString(), "map", "--help");
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process program =
        builder
            .redirectInput(new File("/dev/null"))
            .redirectOutput(home.resolve("out").toFile())
            .redirectError(home.resolve("err").toFile())
            .start();
    assertThat(Program.end(home, program)).isZero();
    return Files.readString(home.resolve("out"));
  }

  /** Runs an item; tells where the JVM of the launcher had its classes from. */
  private boolean startsFromArchive() throws Exception {
    Path logs = Files.createDirectory(home.resolve("logs"));
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh",
            home.resolve("bin/procpool").toString(),
            "map",
            "java.lang.Math::sqrt",
            "--workers",
            "1",
            ":::",
            "4");
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + logs + "/%p");
    Process program =
        builder
            .redirectInput(new File("/dev/null"))
            .redirectOutput(home.resolve("out").toFile())
            .redirectError(home.resolve("err").toFile())
            .start();
    assertThat(Program.end(home, program)).isZero();
    assertThat(Files.readString(home.resolve("out"))).contains("\"value\":2.0");
    assertThat(Files.readString(home.resolve("err")))
        .contains("1 item: 1 ok")
        .doesNotContain("archive");
    String loaded = Files.readString(logs.resolve(Long.toString(program.pid())));
    try (Stream<Path> written = Files.list(logs)) {
      for (Path log : written.toList()) {
        Files.delete(log);
      }
    }
    Files.delete(logs);
    return loaded
        .lines()
        .filter(line -> line.contains(" dev.procpool.cli.run.Run "))
        .anyMatch(line -> line.contains("shared objects file"));
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("procpool"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("launcher-.*[.]jsa"))
          .toList();
    }
  }

  private static void overwrite(Path archive, int at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
      file.seek(at);
      file.write(new byte[100_000]);
    }
  }
}
