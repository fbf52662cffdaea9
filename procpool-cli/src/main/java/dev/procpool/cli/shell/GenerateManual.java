package dev.procpool.cli.shell;

import dev.procpool.cli.options.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code generate-manual}: the pages for {@code man}, as the packages have them. */
@Command(
    name = "generate-manual",
    hidden = true,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Writes a page for man of each command, of section 1, into a directory.")
public final class GenerateManual implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Parameters(paramLabel = "DIRECTORY", description = "Where the pages go; made if it is missing.")
  Path directory;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "The date of the pages, as 2025-01-31. Default: today.")
  LocalDate date = LocalDate.now(ZoneId.systemDefault());

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(directory);
    CommandSpec program = spec.root();
    String version = program.version().length == 0 ? program.name() : program.version()[0];
    for (CommandSpec command : ManPage.documented(program)) {
      Files.writeString(
          directory.resolve(ManPage.name(command) + ".1"), ManPage.of(command, version, date));
    }
    return 0;
  }
}
