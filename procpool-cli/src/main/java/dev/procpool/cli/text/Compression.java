package dev.procpool.cli.text;

import com.github.luben.zstd.ZstdInputStream;
import dev.procpool.cli.message.UsageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The ways in which an input may be packed, told apart by its first bytes, whatever its name.
 *
 * <p>Several packed streams one after another are one input, as {@code cat a.gz b.gz} makes them.
 * Java's own {@code GZIPInputStream} may lose all but the first where they come through a pipe.
 */
public enum Compression {
  /** RFC 1952. */
  GZIP("\u001f\u008b\b") {
    @Override
    InputStream unpack(InputStream packed) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(packed)
          .setDecompressConcatenated(true)
          .get();
    }
  },
  /** The format of {@code xz}. */
  XZ("\u00fd7zXZ\0") {
    @Override
    InputStream unpack(InputStream packed) throws IOException {
      return XZCompressorInputStream.builder()
          .setInputStream(packed)
          .setDecompressConcatenated(true)
          .get();
    }
  },
  /** RFC 8878. */
  ZSTD("(\u00b5/\u00fd") {
    @Override
    InputStream unpack(InputStream packed) throws IOException {
      try {
        return new ZstdInputStream(packed).setLongMax(31); // as --long=31 packs
      } catch (LinkageError e) { // its library is native code, written to java.io.tmpdir
        throw new UsageException(
            "is packed by zstd, whose library can't be loaded here ("
                + e
                + "): unpack it first, as"
                + " zstd -dc does",
            e);
      }
    }
  },
  /** The format of {@code bzip2}; its first block's beginning tells it from text. */
  BZIP2("BZh?1AY&SY") {
    @Override
    InputStream unpack(InputStream packed) throws IOException {
      return new BZip2CompressorInputStream(packed, true);
    }
  },
  /** An archive of files, of which none is the input. */
  ZIP("PK\3\4") {
    @Override
    InputStream unpack(InputStream packed) {
      throw new UsageException("is a zip archive: pass on one file of it, as unzip -p does");
    }
  },
  /** Not unpacked here. */
  LZ4("\4\"M\u0018") {
    @Override
    InputStream unpack(InputStream packed) {
      throw new UsageException("is packed by lz4: unpack it first, as lz4 -dc does");
    }
  };

  private final String beginning;

  /**
   * Names a way.
   *
   * @param beginning the first bytes, as ISO-8859-1; a question mark is any
   */
  Compression(String beginning) {
    this.beginning = beginning;
  }

  /** Gives what was packed. */
  abstract InputStream unpack(InputStream packed) throws IOException;

  /** Gives the input unpacked if it is packed in a way that is known, else as it is. */
  public static InputStream unpacked(InputStream in) throws IOException {
    Sniffer sniffer = new Sniffer(in, beginnings());
    byte[] head = sniffer.head();
    for (Compression way : values()) {
      if (way.began(head)) {
        return way.unpack(new BufferedInputStream(sniffer.whole(), 1 << 16));
      }
    }
    return sniffer.whole();
  }

  /** Tells whether a file's first bytes are those of a packed one. */
  public static boolean isPacked(byte[] head) {
    return Arrays.stream(values()).anyMatch(way -> way.began(head));
  }

  private boolean began(byte[] head) {
    if (head.length < beginning.length()) {
      return false;
    }
    for (int i = 0; i < beginning.length(); i++) {
      if (beginning.charAt(i) != '?' && (head[i] & 0xff) != beginning.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Gives what the sniffer is to wait for; of bzip2 the level that is most used. */
  private static List<byte[]> beginnings() {
    return Arrays.stream(values())
        .map(way -> way.beginning.replace('?', '9').getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }
}
