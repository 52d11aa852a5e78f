import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Prints, for each pattern of a file, 1 where it compiles and 0 where it does not. */
public class Takes {
    public static void main(String[] arguments) throws Exception {
        StringBuilder answers = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            StringBuilder pattern = new StringBuilder();
            for (int at = 0; at + 4 <= line.length(); at += 4) {
                pattern.append((char) Integer.parseInt(line.substring(at, at + 4), 16));
            }
            try {
                Pattern.compile(pattern.toString());
                answers.append("1\n");
            } catch (RuntimeException | StackOverflowError error) {
                answers.append("0\n");
            }
        }
        System.out.print(answers);
    }
}
