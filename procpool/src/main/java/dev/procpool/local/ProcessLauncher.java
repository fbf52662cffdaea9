package dev.procpool.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts workers as JVMs on this machine. */
final class ProcessLauncher implements Launcher {

  private final PoolSettings settings;
  private final MachineShare share;
  private final Path arguments;

  ProcessLauncher(PoolSettings settings, PoolDirectory directory, MachineShare share)
      throws IOException {
    this.settings = settings;
    this.share = share;
    this.arguments = WorkerCommand.write(settings, directory);
  }

  @Override
  public Process launch(Worker worker) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(WorkerCommand.java(settings.javaHome()).toString());
    command.addAll(share.options()); // first, so that the user's win
    command.addAll(DebugPort.options(settings.insight(), worker));
    command.add("@" + arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    settings.environment().apply(builder.environment());
    if (settings.workingDirectory() != null) {
      builder.directory(settings.workingDirectory().toFile());
    }
    Process process = builder.start();
    DebugPort.tell(settings.insight(), settings.name(), worker, process.pid());
    return process;
  }
}
