package io.madang.runtime.descriptor.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one service contributes to one hub. Services may contribute to the same hub; what its clients see is all of it together.
 *
 * @param hub its name, lower case; clients find it at {@code /hubs/<hub>}
 * @param paths where clients find it besides, each beginning with a slash; matched without case
 * @param methods what clients may call
 * @param listeners what clients hear of publications
 * @param greeting what happens when a client has connected
 */
public record HubDescriptor(
    String hub,
    List<String> paths,
    List<HubMethod> methods,
    List<HubListener> listeners,
    HubGreeting greeting) {

  public HubDescriptor {
    paths = List.copyOf(paths);
    methods = List.copyOf(methods);
    listeners = List.copyOf(listeners);
    if (!hub.matches("[a-z][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException(
          "a hub is named by up to 64 lower-case letters, digits and hyphens, not " + hub);
    }
    for (String path : paths) {
      if (!path.matches("(/[A-Za-z0-9._-]{1,64}){1,8}")) {
        throw new IllegalArgumentException(
            "the hub " + hub + " is not found at " + path + ", which is not a plain path");
      }
    }
  }

  /** A contribution without anything yet. */
  public static HubDescriptor of(String hub) {
    return new HubDescriptor(hub, List.of(), List.of(), List.of(), HubGreeting.NONE);
  }

  /** Found at {@code path} too. */
  public HubDescriptor at(String path) {
    List<String> more = new ArrayList<>(paths);
    more.add(path);
    return new HubDescriptor(hub, more, methods, listeners, greeting);
  }

  public HubDescriptor calling(HubMethod... more) {
    List<HubMethod> all = new ArrayList<>(methods);
    all.addAll(List.of(more));
    return new HubDescriptor(hub, paths, all, listeners, greeting);
  }

  public HubDescriptor hearing(HubListener... more) {
    List<HubListener> all = new ArrayList<>(listeners);
    all.addAll(List.of(more));
    return new HubDescriptor(hub, paths, methods, all, greeting);
  }

  public HubDescriptor greeting(HubGreeting with) {
    return new HubDescriptor(hub, paths, methods, listeners, with);
  }

  /** Every path, the hub's own first, as they are matched: lower case. */
  public List<String> allPaths() {
    List<String> all = new ArrayList<>();
    all.add("/hubs/" + hub);
    paths.forEach(path -> all.add(path.toLowerCase(Locale.ROOT)));
    return all;
  }
}
