package io.madang.gateway.identity.issuer;

import java.util.Locale;

/** What counts as one address when attempts are limited: an IPv4 address, or the /64 that one IPv6 household has. */
final class NetworkAddress {
  private static final int GROUPS_OF_A_NETWORK = 4;
  private static final int GROUPS = 8;

  private NetworkAddress() {}

  /** Any text is taken; what is not IPv6 stands for itself. */
  static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int zone = address.indexOf('%');
    String plain = (zone < 0 ? address : address.substring(0, zone)).toLowerCase(Locale.ROOT);
    if (plain.startsWith("::ffff:") && plain.indexOf('.') > 0) {
      return plain.substring("::ffff:".length());
    }
    String[] groups = expanded(plain).split(":", -1);
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < GROUPS_OF_A_NETWORK && i < groups.length; i++) {
      network.append(groups[i].replaceFirst("^0+(?=.)", "")).append(':');
    }
    return network.append(":/64").toString();
  }

  /** Writes out the zeros that a double colon stands for. */
  private static String expanded(String address) {
    int gap = address.indexOf("::");
    if (gap < 0) {
      return address;
    }
    String before = address.substring(0, gap);
    String after = address.substring(gap + 2);
    int present = groupsIn(before) + groupsIn(after);
    StringBuilder full = new StringBuilder(before);
    for (int i = present; i < GROUPS; i++) {
      full.append(full.length() == 0 ? "0" : ":0");
    }
    return after.isEmpty()
        ? full.toString()
        : full.append(full.length() == 0 ? "" : ":").append(after).toString();
  }

  private static int groupsIn(String part) {
    return part.isEmpty() ? 0 : part.split(":", -1).length;
  }
}
