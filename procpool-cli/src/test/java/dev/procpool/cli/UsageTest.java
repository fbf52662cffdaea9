package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.terminal.Streams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Help texts, and wrong use: exit code 2, one line and a hint. */
class UsageTest {

  private final CommandLineFixture cli = new CommandLineFixture();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                               | give a command: map or starmap
          mop                                  | Unmatched argument at index 0: 'mop'; did you mean map or top?
          strmap a::b                          | Unmatched arguments from index 0: 'strmap', 'a::b'; did you mean starmap?
          map a::b --wokers 3                  | Unknown option: '--wokers'; did you mean --workers?
          map a::b --out-file=x                | Unknown option: '--out-file=x'
          map a::b --haeder=x                  | Unknown option: '--haeder=x'; did you mean --header?
          map                                  | Missing required parameter: 'TARGET'
          map a::b --workers 0                 | --workers must be at least 1, was 0
          map a::b --workers many              | Invalid value for option '--workers': 'many' is neither a number nor a share of the processors, as 50%
          map a::b --workers 0%                | --workers must be more than 0%
          map a::b --max-items 0               | --max-items must be at least 1, was 0
          map a::b --max-memory much           | Invalid value for option '--max-memory': 'much' is not a size: write 800m, 2g or bytes
          map a::b --rate fast                 | Invalid value for option '--rate': 'fast' is not a rate: write 10/s, 100/m or 5000/h
          map a::b --rate 0/s                  | Invalid value for option '--rate': '0/s' is not a rate
          map a::b --nice 20                   | --nice must be 1 to 19, was 20
          map a::b --readable x                | --readable, --writable and --network open the box of --sandbox
          map a::b --network                   | --readable, --writable and --network open the box of --sandbox
          map a::b --in-process --sandbox      | --sandbox is for worker processes, and with --in-process there are none
          map a::b --in-process --init a::c    | --init is for worker processes
          map a::b --chunk-size -3             | --chunk-size must be at least 1, was -3
          map a::b --look-ahead 0              | --look-ahead must be at least 1, was 0
          map a::b --timeout soon              | Invalid value for option '--timeout'
          map a::b --timeout 0s                | --timeout must be more than zero
          map a::b --format xml                | Invalid value for option '--format'
          map a::b --what                      | Unknown option: '--what'
          map a::b in.csv --files *            | give either INPUT (in.csv) or --files, not both
          map a::b --files * --header          | --files takes whole files: --format and --header
          map a::b --sort x                    | --sort sorts the table: give --table too
          map a::b --header                    | --header goes with csv and tsv; the input is lines
          map Math::sqrt nowhere.txt           | INPUT: there is no file nowhere.txt
          map Math::sqrt .                     | INPUT: . is a directory; for one item a file use --files
          map Math::sqrt --out no/where        | --out no/where can't be written
          """)
  void wrongUseIsToldInALine(String arguments, String message) {
    String[] args = arguments == null ? new String[0] : arguments.split(" ");

    assertThat(cli.run("1\n", args)).isEqualTo(2);

    assertThat(cli.err).startsWith("procpool: " + message).doesNotContain("\tat ");
    assertThat(cli.err.lines().count()).isLessThanOrEqualTo(2);
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void debugShowsTheStackTrace() {
    cli.run("", "map", "a::b", "--workers", "0", "--debug");
    assertThat(cli.err).contains("\tat dev.procpool.cli.");
  }

  @ParameterizedTest
  @CsvSource({"map", "starmap"})
  void helpNamesEveryOption(String command) {
    CommandLine line =
        Procpool.commandLine(new Streams(null, cli.out, System.err), settings -> null)
            .getSubcommands()
            .get(command);

    assertThat(cli.run("", command, "--help")).isZero();

    for (OptionSpec option : line.getCommandSpec().options()) {
      assertThat(cli.out()).contains(option.longestName());
      assertThat(String.join("", option.description())).as(option.longestName()).isNotBlank();
    }
    assertThat(cli.out()).contains("Usage: procpool " + command).contains("Examples:");
  }

  @Test
  void theTopHelpNamesCommandsAndExitCodes() {
    assertThat(cli.run("", "--help")).isZero();
    assertThat(cli.out())
        .contains("starmap", "map", "help", "generate-completion", "Exit codes:", "wrong use")
        .doesNotContain("generate-manual"); // for the build of the packages
  }

  @Test
  void versionAndCompletionArePrinted() {
    assertThat(cli.run("", "--version")).isZero();
    assertThat(cli.run("", "generate-completion")).isZero();
    assertThat(cli.out())
        .contains("procpool ")
        .contains("complete -o bashdefault")
        .contains("--look-ahead");
    assertThat(cli.run("", "generate-completion", "zsh")).isZero();
    assertThat(cli.out()).contains("#compdef procpool");
    assertThat(cli.run("", "generate-completion", "tcsh")).isEqualTo(2);
    assertThat(cli.err).contains("expected one of [bash, zsh, fish]").contains("'tcsh'");
  }
}
