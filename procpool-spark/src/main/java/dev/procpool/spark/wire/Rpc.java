package dev.procpool.spark.wire;

import dev.procpool.guard.SafeLog;
import dev.procpool.guard.SafeText;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointNotFoundException;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.concurrent.duration.Duration;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Messages between driver and executors by Spark's own means: the connections that there are, with
 * the cluster's secret and encryption. What is sent is arrays of bytes, and at most an endpoint, so
 * that Spark's serializer meets no class but its own. Without state.
 *
 * <p>Spark's sources call these classes its own, its jars have them public; they are the same in
 * 3.5 and 4.
 */
public final class Rpc {

  /** Who is sent messages. Called on threads of Spark's that must not wait. */
  public interface Receiver {

    /**
     * Takes a message.
     *
     * @param message the message
     * @param sender whom to send messages; null unless it came along
     * @param reply where the answer goes; null if none is wanted
     */
    void receive(byte[] message, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no tag of an array of bytes
  private static final ClassTag<byte[]> BYTES =
      (ClassTag<byte[]>) (ClassTag) ClassTag$.MODULE$.apply(byte[].class);

  private Rpc() {}

  /** Opens an endpoint in this JVM. */
  public static RpcEndpointRef open(String name, Receiver receiver) {
    RpcEnv env = SparkEnv.get().rpcEnv();
    return env.setupEndpoint(name, new Endpoint(env, receiver));
  }

  /** Finds an endpoint of another JVM; null if that has none of the name, or no more. */
  public static @Nullable RpcEndpointRef find(String host, int port, String name) {
    try {
      return SparkEnv.get().rpcEnv().setupEndpointRef(new RpcAddress(host, port), name);
    } catch (Exception e) { // Scala declares none
      if (e.getCause() instanceof RpcEndpointNotFoundException) {
        return null;
      }
      throw e;
    }
  }

  /** Where this JVM is reached. */
  public static RpcAddress here() {
    return SparkEnv.get().rpcEnv().address();
  }

  /** Closes an endpoint of this JVM. */
  public static void close(RpcEndpointRef endpoint) {
    SparkEnv env = SparkEnv.get();
    if (env != null) { // else the context was stopped
      env.rpcEnv().stop(endpoint);
    }
  }

  /**
   * Answers that something went wrong. Its text alone crosses: an exception of a class that Spark's
   * loaders don't know would end the connection, and with it the executor.
   */
  public static void fail(RpcCallContext question, Throwable why) {
    question.sendFailure(new IOException(SafeText.of(why)));
  }

  /** Sends a message that has no answer; it may get lost. */
  public static void send(RpcEndpointRef to, byte[] message) {
    try {
      to.send(new Object[] {message, null});
    } catch (RuntimeException e) { // Spark has ended: it has got lost
      SafeLog.log(System.Logger.Level.DEBUG, "a message can't be sent", e);
    }
  }

  /** Begins to ask. */
  public static Future<byte[]> ask(
      RpcEndpointRef whom, byte[] message, @Nullable RpcEndpointRef self, long seconds) {
    try {
      return whom.ask(new Object[] {message, self}, timeout(seconds), BYTES);
    } catch (RuntimeException e) { // Spark has ended
      return Future$.MODULE$.failed(e);
    }
  }

  /** Waits for an answer. */
  public static byte[] await(Future<byte[]> answer, long seconds)
      throws IOException, InterruptedException {
    try {
      return Await.result(answer, Duration.apply(seconds, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // Scala declares none
      throw new IOException("no answer: " + e, e);
    }
  }

  private static RpcTimeout timeout(long seconds) {
    return new RpcTimeout(Duration.apply(seconds, TimeUnit.SECONDS), "procpool");
  }

  private static final class Endpoint implements ThreadSafeRpcEndpoint {

    private final RpcEnv env;
    private final Receiver receiver;

    Endpoint(RpcEnv env, Receiver receiver) {
      this.env = env;
      this.receiver = receiver;
    }

    @Override
    public RpcEnv rpcEnv() {
      return env;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receive() {
      return new Reception(receiver, null);
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
      return new Reception(receiver, context);
    }
  }

  private record Reception(Receiver receiver, @Nullable RpcCallContext reply)
      implements PartialFunction<Object, BoxedUnit> {

    @Override
    public boolean isDefinedAt(Object message) {
      return message instanceof Object[] parts
          && parts.length == 2
          && parts[0] instanceof byte[]
          && (parts[1] == null || parts[1] instanceof RpcEndpointRef);
    }

    @Override
    public BoxedUnit apply(Object message) {
      Object[] parts = (Object[]) message;
      receiver.receive((byte[]) parts[0], (RpcEndpointRef) parts[1], reply);
      return BoxedUnit.UNIT;
    }
  }
}
