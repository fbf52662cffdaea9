package dev.procpool.local;

import java.io.IOException;
import java.util.List;

/** Starts workers as JVMs on this machine. */
final class ProcessLauncher implements Launcher {

  private final PoolSettings settings;
  private final List<String> command;

  ProcessLauncher(PoolSettings settings, PoolDirectory directory) throws IOException {
    this.settings = settings;
    this.command = WorkerCommand.write(settings, directory);
  }

  @Override
  public Process launch(Worker worker) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(settings.environment());
    if (settings.workingDirectory() != null) {
      builder.directory(settings.workingDirectory().toFile());
    }
    return builder.start();
  }
}
