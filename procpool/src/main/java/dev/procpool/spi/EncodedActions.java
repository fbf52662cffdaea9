package dev.procpool.spi;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;

/**
 * What each worker of another JVM is started with: initializer, finalizer and object codec, encoded
 * by {@code CallEncoder.actions}, as {@link EncodedTask} is a task. No class of theirs is loaded in
 * the JVM that has the workers, which ask its sender for them.
 *
 * <pre>{@code
 * EncodedActions actions = EncodedActions.read(received, this::classes); // as for EncodedTask
 * Backend backend = ProcessPool.builder().actions(actions).buildBackend(0);
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.2.0
 */
public final class EncodedActions {

  private static final byte VERSION = 1;

  private final List<byte[]> parts;
  private final boolean writesResults;
  private final long maxPayload;
  private final RemoteClasses classes;
  private final RemoteClasses codecClasses;

  private EncodedActions(
      List<byte[]> parts,
      boolean writesResults,
      long maxPayload,
      RemoteClasses classes,
      RemoteClasses codecClasses) {
    this.parts = parts;
    this.writesResults = writesResults;
    this.maxPayload = maxPayload;
    this.classes = classes;
    this.codecClasses = codecClasses;
  }

  /**
   * Writes actions.
   *
   * @param initializer the encoded initializer; empty for none, as the next
   * @param finalizer the encoded finalizer
   * @param codec the encoded {@link ObjectCodec}
   * @param codecOptions the options that the codec needs a worker's JVM to have
   * @param writesResults whether results come by the codec
   * @param maxPayload the most bytes that one value may take
   * @param loader the number of the loader of the two actions with the sender
   * @param codecLoader the number of the codec's loader
   * @return the bytes, to be {@linkplain #read read} in the other JVM
   */
  public static byte[] write(
      byte[] initializer,
      byte[] finalizer,
      byte[] codec,
      List<String> codecOptions,
      boolean writesResults,
      long maxPayload,
      long loader,
      long codecLoader) {
    List<byte[]> parts = new ArrayList<>(List.of(initializer, finalizer, codec));
    codecOptions.forEach(option -> parts.add(option.getBytes(StandardCharsets.UTF_8)));
    int size = parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum();
    ByteBuffer out = ByteBuffer.allocate(2 + 3 * Long.BYTES + size).put(VERSION);
    out.put((byte) (writesResults ? 1 : 0)).putLong(maxPayload).putLong(loader);
    out.putLong(codecLoader);
    parts.forEach(part -> out.putInt(part.length).put(part));
    return out.array();
  }

  /**
   * Reads actions.
   *
   * @param bytes what the sender wrote
   * @param classes gives the loader for a number of the sender's: the same for the same number
   * @return the actions
   * @throws IllegalArgumentException if these are no such bytes, or of another version of procpool
   */
  public static EncodedActions read(byte[] bytes, LongFunction<RemoteClasses> classes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "actions of format "
                + version
                + ", and this is a procpool of format "
                + VERSION
                + ": have the same version in both JVMs");
      }
      boolean writesResults = in.get() == 1;
      long maxPayload = in.getLong();
      long loader = in.getLong();
      long codecLoader = in.getLong();
      List<byte[]> parts = new ArrayList<>();
      while (parts.size() < 3 || in.hasRemaining()) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new BufferUnderflowException();
        }
        byte[] part = new byte[length];
        in.get(part);
        parts.add(part);
      }
      return new EncodedActions(
          List.copyOf(parts),
          writesResults,
          maxPayload,
          Objects.requireNonNull(classes.apply(loader)),
          Objects.requireNonNull(classes.apply(codecLoader)));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("no encoded actions: " + bytes.length + " bytes", e);
    }
  }

  /**
   * Gives the encoded initializer.
   *
   * @return the bytes, empty for none; not a copy
   */
  public byte[] initializer() {
    return parts.get(0);
  }

  /**
   * Gives the encoded finalizer.
   *
   * @return the bytes, empty for none; not a copy
   */
  public byte[] finalizer() {
    return parts.get(1);
  }

  /**
   * Gives the encoded object codec.
   *
   * @return the bytes, empty for none; not a copy
   */
  public byte[] codec() {
    return parts.get(2);
  }

  /**
   * Gives the options that the codec needs a worker's JVM to have.
   *
   * @return the options
   */
  public List<String> codecOptions() {
    return parts.stream()
        .skip(3)
        .map(option -> new String(option, StandardCharsets.UTF_8))
        .toList();
  }

  /**
   * Tells whether results come by the codec: not if the sender reads them under a filter.
   *
   * @return whether they do
   */
  public boolean writesResults() {
    return writesResults;
  }

  /**
   * Gives the most bytes that one value may take.
   *
   * @return the number
   */
  public long maxPayload() {
    return maxPayload;
  }

  /**
   * Gives what workers ask for the classes of initializer and finalizer.
   *
   * @return the loader
   */
  public RemoteClasses classes() {
    return classes;
  }

  /**
   * Gives what workers ask for the codec's classes.
   *
   * @return the loader
   */
  public RemoteClasses codecClasses() {
    return codecClasses;
  }
}
