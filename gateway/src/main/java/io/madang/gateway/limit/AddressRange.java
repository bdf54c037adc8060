package io.madang.gateway.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** One network address, or all that share its first bits: {@code 10.0.0.7}, {@code 10.0.0.0/8}, {@code fd00::/8}. */
public final class AddressRange {
  /** Only such texts are given to the resolver, which then never asks a name server. */
  private static final Pattern LITERAL =
      Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final byte[] prefix;
  private final int bits;
  private final String text;

  private AddressRange(byte[] prefix, int bits, String text) {
    this.prefix = prefix;
    this.bits = bits;
    this.text = text;
  }

  /**
   * Reads an address, or an address and a length.
   *
   * @throws IllegalArgumentException "must …" when the text is neither
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash))
        .orElseThrow(() ->
            new IllegalArgumentException("must list addresses such as 10.0.0.7 or 10.0.0.0/8"));
    int bits = address.length * 8;
    if (slash >= 0) {
      String length = text.substring(slash + 1);
      if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
        throw new IllegalArgumentException("must list ranges whose length is from /0 to /" + bits);
      }
      bits = Integer.parseInt(length);
    }
    return new AddressRange(address, bits, text);
  }

  /** False also for what is no address at all. */
  public boolean contains(String address) {
    return bytes(address).map(this::covers).orElse(false);
  }

  private boolean covers(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> bytes(String address) {
    if (address.length() > 45 || !LITERAL.matcher(address).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(address).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
