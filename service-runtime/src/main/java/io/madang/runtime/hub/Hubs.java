package io.madang.runtime.hub;

import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All hubs of the mesh, by their paths. A value: each change makes another. */
public final class Hubs {
  public static final Hubs NONE = new Hubs(Map.of(), Map.of());

  private final Map<String, Hub> byName;
  private final Map<String, Hub> byPath;

  private Hubs(Map<String, Hub> byName, Map<String, Hub> byPath) {
    this.byName = byName;
    this.byPath = byPath;
  }

  /** Two claim what only one can have; the message names it, and carries no stack. */
  public static final class TwiceClaimedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TwiceClaimedException(String what) {
      super(what, null, false, false);
    }
  }

  /**
   * What these services show. A hub that did not change stays the same object, so that what was made for it can be kept.
   *
   * @throws TwiceClaimedException when two hubs claim a path, or two services a signature of a method
   */
  public Hubs with(Collection<ServiceDescriptor> services) {
    Map<String, Hub> names = new LinkedHashMap<>();
    Map<String, Hub> paths = new HashMap<>();
    for (ServiceDescriptor service : services) {
      for (HubDescriptor part : service.hubs()) {
        Hub hub = names.computeIfAbsent(part.hub(), name -> same(Hub.of(name, services)));
        for (String path : part.allPaths()) {
          Hub other = paths.putIfAbsent(path, hub);
          if (other != null && !other.equals(hub)) {
            throw new TwiceClaimedException(
                "the path " + path + ", where the hub " + other.name() + " is");
          }
        }
      }
    }
    return new Hubs(names, paths);
  }

  private Hub same(Hub hub) {
    return hub.equals(byName.get(hub.name())) ? byName.get(hub.name()) : hub;
  }

  /** Without case, with or without a slash at the end. */
  public Optional<Hub> at(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return Optional.ofNullable(byPath.get(plain.toLowerCase(Locale.ROOT)));
  }
}
