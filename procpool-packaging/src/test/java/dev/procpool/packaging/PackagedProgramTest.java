package dev.procpool.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import dev.procpool.local.ProcessPool;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One program, shipped in each way in which programs are shipped. */
class PackagedProgramTest {

  private static final String MODULE = "dev.procpool.packaging";
  private static final String MAIN_CLASS = MODULE + ".Program";

  @TempDir Path directory;

  private static String path() {
    return Stream.of(
            Started.built(".jar"), Started.jarOf(ProcessPool.class), Started.jarOf(CsvReader.class))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void onTheClassPath() throws Exception {
    Started.run(directory, "", List.of(Started.tool("java"), "-cp", path(), MAIN_CLASS))
        .printedAllOfProgram();
  }

  @Test
  void onTheModulePath() throws Exception {
    Started.run(
            directory,
            "",
            List.of(Started.tool("java"), "-p", path(), "-m", MODULE + "/" + MAIN_CLASS))
        .printedAllOfProgram();
  }

  @Test
  void inASpringBootExecutableJar() throws Exception {
    Path jar = Started.built("-boot.jar");
    Started.run(directory, "", List.of(Started.tool("java"), "-jar", jar.toString()))
        .printedAllOfProgram();
  }

  @Test
  void inAShadedJar() throws Exception {
    Path jar = Started.built(".jar").resolveSibling("shaded.jar");
    Started.run(directory, "", List.of(Started.tool("java"), "-jar", jar.toString()))
        .printedAllOfProgram();
  }

  @Test
  void inAShadedJarWithoutTheClassesThatNobodyNames() throws Exception {
    Path jar = Started.built(".jar").resolveSibling("minimized.jar");
    Started.run(directory, "", List.of(Started.tool("java"), "-jar", jar.toString()))
        .printedAllOfProgram();
  }

  @Test
  void inARuntimeImage() throws Exception {
    Path image = image();
    assertThat(Files.readString(image.resolve("release")))
        .as("an image of what the program requires, the flight recorder not being of it")
        .contains("java.base")
        .doesNotContain("jdk.jfr");
    Started.run(
            directory,
            "",
            List.of(image.resolve("bin/java").toString(), "-m", MODULE + "/" + MAIN_CLASS))
        .printedAllOfProgram();
  }

  @Test
  void aRuntimeImageWithoutALauncherIsToldOf() throws Exception {
    Path image = image();
    // What jlink --strip-native-commands leaves out; a native launcher would start the JVM itself.
    Path java = image.resolve("bin/java");
    Path hidden = Files.move(java, image.resolve("bin/launcher"));
    Started started =
        Started.run(directory, "", List.of(hidden.toString(), "-m", MODULE + "/" + MAIN_CLASS));
    assertThat(started.exitCode()).isNotZero();
    assertThat(started.err())
        .contains("PoolBrokenException")
        .contains(java.toString())
        .contains("javaHome");
  }

  private Path image() {
    Path image = directory.resolve("image");
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
    int status =
        jlink.run(
            System.out,
            System.err,
            "--module-path",
            path(),
            "--add-modules",
            MODULE,
            "--output",
            image.toString());
    assertThat(status).isZero();
    return image;
  }
}
