import java.io.FileInputStream;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Holds PDF files against veraPDF's own rules of PDF/UA-1; prints the number of checks of each file, and each rule that it breaks.
 *
 * The package that holds veraPDF here lacks the library with which veraPDF reads its rules, so this reads them.
 */
public class PdfUa {
    private static final PDFAFlavour UA = PDFAFlavour.PDFUA_1;

    public static void main(String[] paths) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var rules = rules();
        for (String path : paths) {
            try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(path), UA)) {
                var result = ValidatorFactory.createValidator(rules, false).validate(parser);
                System.out.println(path + "\t" + result.getTotalAssertions());
                for (var broken : result.getTestAssertions()) {
                    var rule = broken.getRuleId();
                    System.out.println(path + "\t" + rule.getClause() + "-" + rule.getTestNumber() + " " + broken.getMessage());
                }
            }
        }
    }

    private static ValidationProfile rules() throws Exception {
        var stream = Profiles.class.getResourceAsStream("/org/verapdf/pdfa/validation/PDFUA-1.xml");
        var root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(stream).getDocumentElement();
        Set<Rule> rules = new HashSet<>();
        NodeList found = root.getElementsByTagName("rule");
        for (int place = 0; place < found.getLength(); place++) {
            var rule = (Element) found.item(place);
            var id = (Element) rule.getElementsByTagName("id").item(0);
            var name = Profiles.ruleIdFromValues(UA.getPart(), id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber")));
            var error = Profiles.errorFromValues(text(rule, "message"), List.of());
            var deferred = Boolean.valueOf(rule.getAttribute("deferred"));
            rules.add(Profiles.ruleFromValues(name, rule.getAttribute("object"), deferred, rule.getAttribute("tags"),
                text(rule, "description"), text(rule, "test"), error, List.of()));
        }
        Set<Variable> variables = new HashSet<>();
        found = root.getElementsByTagName("variable");
        for (int place = 0; place < found.getLength(); place++) {
            var one = (Element) found.item(place);
            var value = text(one, "value");
            variables.add(Profiles.variableFromValues(one.getAttribute("name"), one.getAttribute("object"), text(one, "defaultValue"), value));
        }
        var details = Profiles.profileDetailsFromValues("PDF/UA-1", "", "", new Date(0));
        return Profiles.profileFromValues(UA, details, "", rules, variables);
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }
}
