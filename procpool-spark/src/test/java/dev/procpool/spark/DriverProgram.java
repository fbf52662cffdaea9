package dev.procpool.spark;

import dev.procpool.Pool;
import dev.procpool.testkit.FileLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** A driver in a JVM of its own: its items loop until somebody ends it. */
final class DriverProgram {

  private static final int ITEMS = 2;

  private DriverProgram() {}

  /** Starts one. Its items tell their processes in a log; it prints to a file. */
  static Process start(SparkConf conf, FileLog pids, Path printed) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SparkDaemon.moduleOptions());
    // The least heap that Spark takes is 450 MB.
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DriverProgram.class.getName(), pids.path()));
    for (Tuple2<String, String> setting : conf.getAll()) {
      command.add(setting._1() + "=" + setting._2());
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(printed.toFile())
        .start();
  }

  /** Runs loops on the cluster that the arguments name. */
  public static void main(String[] arguments) throws ExecutionException, InterruptedException {
    FileLog pids = new FileLog(arguments[0]);
    SparkConf conf = new SparkConf(false);
    for (String setting : List.of(arguments).subList(1, arguments.length)) {
      conf.set(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
    }
    try (JavaSparkContext context = new JavaSparkContext(conf);
        Pool pool = SparkPool.builder(context).workers(ITEMS).build()) {
      pool.map(x -> ClusterTest.loop(pids), IntStream.range(0, ITEMS).boxed().toList());
    }
  }
}
