package io.madang.stores;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The plainest clients there are, to look at the servers from outside. */
final class StoreClients {
  private StoreClients() {}

  static Connection connect(String url) throws SQLException {
    URI uri = URI.create(url);
    String[] login = uri.getUserInfo().split(":", 2);
    String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
    DriverManager.setLoginTimeout(5);
    return DriverManager.getConnection(jdbc, login[0], login[1]);
  }

  static String ask(StoreUrl url, String sql) throws SQLException {
    return ask(url.reveal(), sql);
  }

  static String ask(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  static void run(StoreUrl url, String sql) throws SQLException {
    run(url.reveal(), sql);
  }

  static void run(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first line of the answer to one inline command; a bulk answer gives its content. */
  static String redis(String url, String command) throws IOException {
    URI uri = URI.create(url);
    String password = uri.getUserInfo().substring(1);
    try (Socket socket = new Socket(InetAddress.getByName(uri.getHost()), uri.getPort())) {
      socket.setSoTimeout(5_000);
      String lines = "AUTH " + password + "\r\n" + command + "\r\n";
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
      BufferedReader in = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      in.readLine();
      String answer = in.readLine();
      if (answer.startsWith("*")) {
        in.readLine();
        in.readLine();
        in.readLine();
        return in.readLine();
      }
      return answer.startsWith("$") && !answer.equals("$-1") ? in.readLine() : answer;
    }
  }
}
