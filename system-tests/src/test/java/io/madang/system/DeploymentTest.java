package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.madang.distribution.process.OneProcess;
import io.madang.distribution.process.ProductSettings;
import io.madang.distribution.process.RoleKind;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.health.HealthServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The image, the compose file and the manifests say what the code says: its roles, its settings, its ports and its pages. What
 * reads a container's settings here is what reads them at its start.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeploymentTest {
  private static final Path ROOT = Distribution.root();
  private static final Map<String, String> IMAGE = imageSettings();
  private static final List<String> WITHOUT_A_ROLE = List.of("all");

  /** Stand for the passwords an operator chooses. */
  private static final Map<String, String> CHOSEN = Map.of(
      "POSTGRES_PASSWORD", "chosen1",
      "REDIS_PASSWORD", "chosen2",
      "CLUSTER_SECRET", "chosen by who runs it");

  @Nested
  class Every_file {
    @Test
    void names_only_settings_that_exist() {
      Set<String> known =
          ProductSettings.all().stream().map(Setting::key).collect(Collectors.toSet());
      List<String> strays = new ArrayList<>();
      for (Path file : files()) {
        Matcher name = Pattern.compile("MADANG_[A-Z0-9_]+").matcher(text(file));
        while (name.find()) {
          if (!known.contains(name.group())) {
            strays.add(ROOT.relativize(file) + " says " + name.group());
          }
        }
      }
      assertThat(strays).isEmpty();
    }

    private List<Path> files() {
      List<Path> files = new ArrayList<>(manifestFiles());
      Stream.of(
              "Dockerfile",
              "docker-compose.yml",
              ".env.example",
              "deploy/nginx.conf",
              "k8s/kustomization.yaml",
              "distribution/src/main/dist/bin/is-ready")
          .map(ROOT::resolve)
          .forEach(files::add);
      return files;
    }
  }

  @Nested
  class The_image {
    private final String dockerfile = text(ROOT.resolve("Dockerfile"));

    @Test
    void exposes_the_ports_that_its_processes_listen_on() {
      Settings settings =
          OneProcess.check(List.of(RoleKind.values()), with(IMAGE, storeAddresses()), none -> {});
      assertThat(words("EXPOSE"))
          .containsExactlyInAnyOrder(
              settings.effective().get("MADANG_HTTP_PORT"),
              settings.effective().get("MADANG_HEALTH_PORT"),
              settings.effective().get("MADANG_CLUSTER_PORT"),
              settings.effective().get("MADANG_BUS_PORT"))
          .doesNotContain("0");
    }

    @Test
    void listens_where_others_reach_it() {
      assertThat(IMAGE)
          .containsEntry("MADANG_HTTP_HOST", "0.0.0.0")
          .containsEntry("MADANG_HEALTH_HOST", "0.0.0.0");
    }

    @Test
    void keeps_its_data_in_its_volume_as_a_user_without_power() {
      assertThat(words("VOLUME")).containsExactly(IMAGE.get("MADANG_DATA_DIR"));
      assertThat(words("USER")).containsExactly("10001:10001");
    }

    @Test
    void starts_the_launcher_itself_so_that_signals_arrive() {
      assertThat(dockerfile)
          .contains("ENTRYPOINT [\"/opt/madang/bin/madang\"]")
          .contains("CMD [\"all\"]");
      assertThat(launcher("madang")).isExecutable().content().contains("exec \"$java\"");
    }

    @Test
    void is_healthy_when_the_process_is_ready() {
      assertThat(dockerfile).contains("CMD [\"/opt/madang/bin/is-ready\"]");
      assertThat(launcher("is-ready"))
          .isExecutable()
          .content()
          .contains("MADANG_HEALTH_PORT")
          .contains("GET " + HealthServer.READY + " ");
    }

    private List<String> words(String instruction) {
      Matcher line = Pattern.compile("(?m)^" + instruction + " (.+)$").matcher(dockerfile);
      assertThat(line.find()).as(instruction).isTrue();
      return List.of(line.group(1).split(" ", -1));
    }

    private Path launcher(String name) {
      return ROOT.resolve("distribution/src/main/dist/bin").resolve(name);
    }
  }

  @Nested
  class The_compose_file {
    private final Node file = Node.of(yaml(composeText()));
    private final Map<String, Node> nodes = nodes();

    @Tag("cluster")
    @Test
    void is_accepted_by_docker_compose(@TempDir Path temp) {
      assertThat(configExit(temp, CHOSEN)).isZero();
    }

    @Tag("cluster")
    @Test
    void is_refused_as_long_as_a_password_is_not_chosen(@TempDir Path temp) {
      CHOSEN.keySet().forEach(password -> {
        Map<String, String> others = new HashMap<>(CHOSEN);
        others.remove(password);
        assertThat(configExit(temp, others)).as("without " + password).isNotZero();
      });
    }

    @ParameterizedTest
    @EnumSource(RoleKind.class)
    void has_a_process_of(RoleKind kind) {
      assertThat(rolesOf(nodes.values()))
          .filteredOn(kind::equals)
          .hasSize(kind == RoleKind.GATEWAY ? 2 : 1);
    }

    @Test
    void gives_each_process_settings_that_it_can_start_with() {
      nodes.forEach((name, node) -> {
        Settings settings = settingsOf(node);
        assertThat(settings.effective())
            .as(name)
            .containsEntry("MADANG_CLUSTER_DNS", "nodes.mesh")
            .containsEntry("MADANG_CLUSTER_HOST", "nodes.mesh");
        assertThat(node.at("networks").at("mesh").at("aliases").texts())
            .as(name)
            .containsExactly(settings.effective().get("MADANG_CLUSTER_DNS"));
      });
    }

    @Test
    void waits_longer_for_an_orderly_stop_than_that_takes() {
      nodes.forEach(
          (name, node) -> assertThat(Duration.parse("PT" + node.text("stop_grace_period")))
              .as(name)
              .isGreaterThan(time(settingsOf(node), "MADANG_STOP_MS")));
    }

    @Test
    void lets_no_node_begin_before_its_stores() {
      nodes.forEach((name, node) -> {
        for (String store : List.of("postgres", "redis")) {
          assertThat(node.at("depends_on").at(store).text("condition"))
              .as(name)
              .isEqualTo("service_healthy");
          assertThat(file.at("services").at(store).at("healthcheck").keys()).contains("test");
        }
      });
    }

    @Test
    void has_gateways_believe_the_proxy_and_nobody_else() {
      Node services = file.at("services");
      String proxy = services.at("nginx").at("networks").at("edge").text("ipv4_address");
      nodes.forEach((name, node) -> {
        if (roleOf(node.at("command").texts()) == RoleKind.GATEWAY) {
          assertThat(settingsOf(node).effective()).containsEntry("MADANG_TRUSTED_PROXIES", proxy);
          assertThat(node.at("networks").at("edge").keys())
              .as("nginx looks for %s once, so its address must not change", name)
              .containsExactly("ipv4_address");
        }
      });
      assertThat(services.keys())
          .filteredOn(name -> services.at(name).networks().contains("edge"))
          .containsExactlyInAnyOrder("gateway-1", "gateway-2", "nginx");
    }

    @Test
    void has_nginx_ask_the_gateways_where_they_listen() {
      String nginx = text(ROOT.resolve("deploy/nginx.conf"));
      Matcher server = Pattern.compile("(?m)^\\s*server ([a-z0-9-]+):(\\d+)").matcher(nginx);
      Set<String> asked = new TreeSet<>();
      while (server.find()) {
        Settings settings = settingsOf(nodes.get(server.group(1)));
        assertThat(server.group(2)).isEqualTo(settings.effective().get("MADANG_HTTP_PORT"));
        asked.add(server.group(1));
      }
      assertThat(asked).containsExactly("gateway-1", "gateway-2");
      String inside =
          file.at("services").at("nginx").at("ports").texts().get(0).replaceAll(".*:", "");
      assertThat(nginx).contains("listen " + inside + ";");
    }

    /** The services that are processes of ours, by name. */
    private Map<String, Node> nodes() {
      Map<String, Node> ours = new LinkedHashMap<>();
      Node services = file.at("services");
      for (String name : services.keys()) {
        if (services.at(name).text("image").equals("madang")) {
          ours.put(name, services.at(name));
        }
      }
      return ours;
    }

    private List<RoleKind> rolesOf(Iterable<Node> services) {
      List<RoleKind> roles = new ArrayList<>();
      services.forEach(service -> roles.add(roleOf(service.at("command").texts())));
      return roles;
    }

    private Settings settingsOf(Node node) {
      return checked(
          roleOf(node.at("command").texts()), with(IMAGE, node.at("environment").entries()));
    }

    /** With its variables filled in as docker-compose does. */
    private String composeText() {
      Matcher variable = Pattern.compile("\\$\\{([A-Z_]+)(?::[-?]([^}]*))?}")
          .matcher(text(ROOT.resolve("docker-compose.yml")));
      return variable.replaceAll(found -> Matcher.quoteReplacement(
          CHOSEN.getOrDefault(found.group(1), String.valueOf(found.group(2)))));
    }

    private int configExit(Path temp, Map<String, String> environment) {
      try {
        ProcessBuilder command = new ProcessBuilder(
                "docker-compose",
                "-f",
                ROOT.resolve("docker-compose.yml").toString(),
                "--env-file",
                // Not the operator's own.
                Files.writeString(temp.resolve("none.env"), "").toString(),
                "config",
                "-q")
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("compose.log").toFile());
        command.environment().keySet().removeAll(CHOSEN.keySet());
        command.environment().putAll(environment);
        Process process = command.start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return fail("docker-compose does not end");
        }
        return process.exitValue();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Nested
  class The_manifests {
    private final List<Node> manifests =
        manifestFiles().stream().flatMap(file -> manifestsIn(file).stream()).toList();

    @Test
    void hold_nothing_that_Kubernetes_does_not_know() throws IOException {
      for (Node manifest : manifests) {
        JsonElement json = new Gson().toJsonTree(manifest.value());
        switch (manifest.text("apiVersion") + " " + manifest.text("kind")) {
          case "apps/v1 Deployment" -> V1Deployment.validateJsonElement(json);
          case "v1 Service" -> V1Service.validateJsonElement(json);
          case "v1 ConfigMap" -> V1ConfigMap.validateJsonElement(json);
          case "v1 Secret" -> V1Secret.validateJsonElement(json);
          case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(json);
          case "policy/v1 PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(json);
          case "autoscaling/v2 HorizontalPodAutoscaler" ->
            V2HorizontalPodAutoscaler.validateJsonElement(json);
          default -> fail("nobody checks this manifest: " + manifest.value());
        }
      }
    }

    @Test
    void are_all_in_the_base_but_for_the_secret() {
      Node base = Node.of(yaml(text(ROOT.resolve("k8s/kustomization.yaml"))));
      assertThat(base.at("resources").texts())
          .containsExactlyInAnyOrderElementsOf(manifestFiles().stream()
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("secret.example.yaml"))
              .toList());
    }

    @Test
    void name_no_namespace_which_is_an_overlay_s_to_say() {
      assertThat(manifests)
          .allSatisfy(
              manifest -> assertThat(manifest.at("metadata").keys()).doesNotContain("namespace"));
    }

    @ParameterizedTest
    @EnumSource(RoleKind.class)
    void have_a_deployment_and_a_service_of(RoleKind kind) {
      Node deployment = named("Deployment", "madang-" + kind.word());
      assertThat(roleOf(container(deployment).at("args").texts())).isEqualTo(kind);
      assertThat(labels(deployment)).containsEntry("app.kubernetes.io/name", kind.word());
      named("Service", "madang-" + kind.word());
    }

    @Test
    void give_each_process_settings_that_it_can_start_with() {
      deployments()
          .forEach(deployment -> assertThat(settingsOf(deployment).effective())
              .as(nameOf(deployment))
              .containsEntry("MADANG_CLUSTER_HOST", "127.0.0.1")
              .containsEntry("MADANG_CLUSTER_DNS", "madang-members"));
    }

    @Test
    void keep_the_variables_of_Kubernetes_away() {
      // A Service named madang-gateway would be told as MADANG_GATEWAY_PORT, which no process
      // accepts.
      assertThat(deployments())
          .allSatisfy(deployment ->
              assertThat(pod(deployment).text("enableServiceLinks")).isEqualTo("false"));
    }

    @Test
    void open_the_ports_that_the_process_listens_on() {
      deployments().forEach(deployment -> {
        Map<String, String> effective = settingsOf(deployment).effective();
        Map<String, String> ports = new HashMap<>(Map.of(
            "health", effective.get("MADANG_HEALTH_PORT"),
            "member", effective.get("MADANG_CLUSTER_PORT"),
            "bus", effective.get("MADANG_BUS_PORT")));
        if (roleOf(container(deployment).at("args").texts()) == RoleKind.GATEWAY) {
          ports.put("http", effective.get("MADANG_HTTP_PORT"));
        }
        assertThat(container(deployment).at("ports").items())
            .as(nameOf(deployment))
            .allSatisfy(port ->
                assertThat(ports).containsEntry(port.text("name"), port.text("containerPort")))
            .hasSameSizeAs(ports.keySet());
      });
    }

    @Test
    void probe_the_pages_that_there_are() {
      deployments().forEach(deployment -> {
        Node container = container(deployment);
        assertProbe(container.at("startupProbe"), HealthServer.LIVE);
        assertProbe(container.at("livenessProbe"), HealthServer.LIVE);
        assertProbe(container.at("readinessProbe"), HealthServer.READY);
      });
    }

    private void assertProbe(Node probe, String page) {
      assertThat(probe.at("httpGet").text("path")).isEqualTo(page);
      assertThat(probe.at("httpGet").text("port")).isEqualTo("health");
    }

    @Test
    void give_a_start_the_time_it_may_take() {
      deployments().forEach(deployment -> {
        Node probe = container(deployment).at("startupProbe");
        Duration given = Duration.ofSeconds(Long.parseLong(probe.text("periodSeconds"))
            * Long.parseLong(probe.text("failureThreshold")));
        assertThat(given)
            .as(nameOf(deployment))
            .isGreaterThan(time(settingsOf(deployment), "MADANG_START_MS"));
      });
    }

    @Test
    void give_a_stop_the_time_it_may_take() {
      deployments().forEach(deployment -> {
        Node first =
            container(deployment).at("lifecycle").at("preStop").at("exec").at("command");
        Duration before = first.value() == null
            ? Duration.ZERO
            : Duration.ofSeconds(Long.parseLong(first.texts().get(1)));
        Duration grace = Duration.ofSeconds(
            Long.parseLong(pod(deployment).text("terminationGracePeriodSeconds")));
        assertThat(grace)
            .as(nameOf(deployment))
            .isGreaterThan(before.plus(time(settingsOf(deployment), "MADANG_STOP_MS")));
      });
    }

    @Test
    void take_no_node_away_before_another_is_ready() {
      assertThat(deployments())
          .allSatisfy(deployment -> assertThat(
                  deployment.at("spec").at("strategy").at("rollingUpdate").text("maxUnavailable"))
              .isEqualTo("0"));
    }

    @Test
    void give_no_process_more_power_than_it_needs() {
      deployments().forEach(deployment -> {
        Node own = container(deployment).at("securityContext");
        assertThat(pod(deployment).at("securityContext").text("runAsNonRoot")).isEqualTo("true");
        assertThat(own.text("readOnlyRootFilesystem")).isEqualTo("true");
        assertThat(own.text("allowPrivilegeEscalation")).isEqualTo("false");
        assertThat(own.at("capabilities").at("drop").texts()).containsExactly("ALL");
        assertThat(container(deployment).at("volumeMounts").items())
            .extracting(mount -> mount.text("mountPath"))
            .as("where libraries are unpacked")
            .contains("/tmp");
      });
    }

    @Test
    void select_the_pods_they_mean() {
      deployments()
          .forEach(deployment -> assertThat(labels(deployment))
              .as(nameOf(deployment))
              .containsAllEntriesOf(
                  deployment.at("spec").at("selector").at("matchLabels").entries()));
      for (Node service : ofKind("Service")) {
        List<Node> selected = selectedBy(service.at("spec").at("selector").entries());
        List<Node> meant = nameOf(service).equals("madang-members")
            ? deployments()
            : List.of(named("Deployment", nameOf(service)));
        assertThat(selected).as(nameOf(service)).containsExactlyElementsOf(meant);
        for (Node port : service.at("spec").at("ports").items()) {
          assertThat(selected)
              .as(nameOf(service))
              .allSatisfy(
                  deployment -> assertThat(container(deployment).at("ports").items())
                      .extracting(open -> open.text("name"))
                      .contains(port.text("targetPort")));
        }
      }
      for (Node budget : ofKind("PodDisruptionBudget")) {
        assertThat(selectedBy(budget.at("spec").at("selector").at("matchLabels").entries()))
            .containsExactly(named("Deployment", nameOf(budget)));
      }
      for (Node scaler : ofKind("HorizontalPodAutoscaler")) {
        Node scaled = named("Deployment", scaler.at("spec").at("scaleTargetRef").text("name"));
        assertThat(scaled.at("spec").keys())
            .as("how many there are has one writer")
            .doesNotContain("replicas");
      }
      for (Node policy : ofKind("NetworkPolicy")) {
        assertThat(
                selectedBy(policy.at("spec").at("podSelector").at("matchLabels").entries()))
            .containsExactlyElementsOf(deployments());
      }
    }

    @Test
    void give_every_node_one_name_to_find_the_others_by_even_before_they_are_ready() {
      Node members = named("Service", "madang-members");
      assertThat(members.at("spec").text("clusterIP")).isEqualTo("None");
      assertThat(members.at("spec").text("publishNotReadyAddresses")).isEqualTo("true");
      assertThat(deployments())
          .allSatisfy(deployment -> assertThat(settingsOf(deployment).effective())
              .containsEntry("MADANG_CLUSTER_DNS", nameOf(members)));
    }

    private List<Node> ofKind(String kind) {
      return manifests.stream()
          .filter(manifest -> manifest.text("kind").equals(kind))
          .toList();
    }

    private List<Node> deployments() {
      return ofKind("Deployment");
    }

    private Node named(String kind, String name) {
      List<Node> found = ofKind(kind).stream()
          .filter(manifest -> nameOf(manifest).equals(name))
          .toList();
      assertThat(found).as(kind + " " + name).hasSize(1);
      return found.get(0);
    }

    private String nameOf(Node manifest) {
      return manifest.at("metadata").text("name");
    }

    private Node pod(Node deployment) {
      return deployment.at("spec").at("template").at("spec");
    }

    private Node container(Node deployment) {
      List<Node> containers = pod(deployment).at("containers").items();
      assertThat(containers).hasSize(1);
      return containers.get(0);
    }

    private Map<String, String> labels(Node deployment) {
      return deployment.at("spec").at("template").at("metadata").at("labels").entries();
    }

    private List<Node> selectedBy(Map<String, String> selector) {
      assertThat(selector).isNotEmpty();
      return deployments().stream()
          .filter(deployment -> labels(deployment).entrySet().containsAll(selector.entrySet()))
          .toList();
    }

    private Settings settingsOf(Node deployment) {
      Node container = container(deployment);
      Map<String, String> environment = new HashMap<>(IMAGE);
      for (Node source : container.at("envFrom").items()) {
        if (source.keys().contains("configMapRef")) {
          String name = source.at("configMapRef").text("name");
          environment.putAll(named("ConfigMap", name).at("data").entries());
        } else {
          String name = source.at("secretRef").text("name");
          environment.putAll(named("Secret", name).at("stringData").entries());
        }
      }
      for (Node variable : container.at("env").items()) {
        environment.put(variable.text("name"), fromField(variable));
      }
      return checked(roleOf(container.at("args").texts()), environment);
    }

    /** As Kubernetes would fill it in for a pod on this machine. */
    private String fromField(Node variable) {
      String path = variable.at("valueFrom").at("fieldRef").text("fieldPath");
      return switch (path) {
        case "metadata.name" -> "madang-pod-1";
        case "status.podIP" -> "127.0.0.1";
        default -> fail("nobody knows the field " + path);
      };
    }
  }

  /** Reads the settings as the process does at its start; it ends here with every problem it would end with there. */
  private static Settings checked(RoleKind kind, Map<String, String> environment) {
    return OneProcess.check(List.of(kind), environment, none -> {});
  }

  private static RoleKind roleOf(List<String> arguments) {
    assertThat(arguments).hasSize(1).doesNotContainAnyElementsOf(WITHOUT_A_ROLE);
    return RoleKind.of(arguments.get(0))
        .orElseThrow(() -> new AssertionError(arguments + " is no role; there are "
            + Arrays.stream(RoleKind.values()).map(RoleKind::word).toList()));
  }

  private static Duration time(Settings settings, String key) {
    return Duration.ofMillis(Long.parseLong(settings.effective().get(key)));
  }

  private static Map<String, String> with(Map<String, String> first, Map<String, String> then) {
    Map<String, String> both = new HashMap<>(first);
    both.putAll(then);
    return both;
  }

  private static Map<String, String> storeAddresses() {
    return Map.of(
        "MADANG_POSTGRES_URL",
        "postgresql://a:b@postgres/c",
        "MADANG_REDIS_URL",
        "redis://redis",
        "MADANG_CLUSTER_SECRET",
        "what the nodes share");
  }

  /** What the image sets for every container of it. */
  private static Map<String, String> imageSettings() {
    String dockerfile = text(ROOT.resolve("Dockerfile")).replace("\\\n", " ");
    Matcher line = Pattern.compile("(?m)^ENV (.+)$").matcher(dockerfile);
    Map<String, String> settings = new HashMap<>();
    while (line.find()) {
      for (String pair : line.group(1).strip().split("\\s+", -1)) {
        settings.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
    }
    assertThat(settings).isNotEmpty();
    return settings;
  }

  private static List<Path> manifestFiles() {
    try (Stream<Path> files = Files.list(ROOT.resolve("k8s"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Node> manifestsIn(Path file) {
    List<Node> manifests = new ArrayList<>();
    parser().loadAll(text(file)).forEach(document -> manifests.add(Node.of(document)));
    return manifests;
  }

  private static Object yaml(String text) {
    return parser().load(text);
  }

  private static Yaml parser() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A part of a YAML document; what is not there is empty, so that an assertion says it and not a null. */
  private record Node(Object value) {
    static Node of(Object value) {
      return new Node(value);
    }

    Node at(String key) {
      return new Node(value instanceof Map<?, ?> map ? map.get(key) : null);
    }

    String text(String key) {
      return String.valueOf(at(key).value());
    }

    List<Node> items() {
      return value instanceof List<?> list
          ? list.stream().map(Node::of).collect(Collectors.toList())
          : List.of();
    }

    List<String> texts() {
      return items().stream().map(item -> String.valueOf(item.value())).toList();
    }

    List<String> keys() {
      return value instanceof Map<?, ?> map
          ? map.keySet().stream().map(String::valueOf).toList()
          : List.of();
    }

    Map<String, String> entries() {
      return keys().stream().collect(Collectors.toMap(key -> key, this::text));
    }

    /** Of a compose service, written as a list or as a map. */
    List<String> networks() {
      Node networks = at("networks");
      return networks.keys().isEmpty() ? networks.texts() : networks.keys();
    }
  }
}
