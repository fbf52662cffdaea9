package dev.procpool.local.call;

import dev.procpool.codec.CodecException;
import dev.procpool.local.classes.ShellReach;
import org.jspecify.annotations.Nullable;

/**
 * What workers need of a call's task: its bytes, and where its classes are. Immutable.
 *
 * @param task the encoded task; empty if there is a failure. Not to be changed, as the next
 * @param variables the variables of a shell that go along; empty for none
 * @param isStateless whether the task has nothing that could differ from call to call
 * @param loader the loader of its classes
 * @param reach where its code leads in a shell; null if it is not of one
 * @param failure why it can't be encoded; null if it can
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost each call
public record EncodedCall(
    byte[] task,
    byte[] variables,
    boolean isStateless,
    ClassLoader loader,
    @Nullable ShellReach reach,
    @Nullable CodecException failure) {}
