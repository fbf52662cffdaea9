package dev.procpool.cli.shell;

import dev.procpool.cli.options.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code generate-completion}: the script by which a shell completes the command line. */
@Command(
    name = "generate-completion",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Prints the script by which a shell completes commands, options and names of files.",
      "%nThe packages bring it along; it is for those who have the jar alone."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(procpool generate-completion)",
      "  procpool generate-completion fish > ~/.config/fish/completions/procpool.fish"
    })
public final class GenerateCompletion implements Runnable {

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      description = "bash (the default), zsh or fish.")
  Shell shell = Shell.bash;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().print(shell.completion(spec.root()));
    spec.commandLine().getOut().flush();
  }
}
