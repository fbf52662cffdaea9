package dev.procpool.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link WorkerOptions} were told, of one worker, as data that crosses. Immutable. */
record WorkerSetup(
    List<String> jvmOptions,
    boolean inheritJvmOptions,
    boolean inheritClassPath,
    List<Path> classPath,
    @Nullable Path javaHome,
    boolean inheritEnvironment,
    Map<String, String> environment,
    @Nullable Sandbox sandbox,
    @Nullable Path workingDirectory,
    @Nullable Path workerTemp,
    boolean archivesClasses) {}
