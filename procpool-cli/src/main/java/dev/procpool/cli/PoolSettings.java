package dev.procpool.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * What the command line says about the pool. Immutable.
 *
 * @param workers the number of workers, positive
 * @param jvmOptions options of the workers' JVMs
 * @param classPath what the workers need besides this program's own class path
 */
record PoolSettings(int workers, List<String> jvmOptions, List<Path> classPath) {

  PoolSettings {
    jvmOptions = List.copyOf(jvmOptions);
    classPath = List.copyOf(classPath);
  }
}
