package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternTest {

    private static final String EVENT = """
            {"source":"aws.partner/genesys.com/cloud/org/x","detail":{"type":"OPEN","n":5,"b":true,"z":null,
            "list":["a","b"],"empty":[],"objects":[{"k":1},{"k":2}]}}""";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "{'source':['aws.partner/genesys.com/cloud/org/x']}              | true",
                "{'source':['other','aws.partner/genesys.com/cloud/org/x']}      | true",
                "{'source':['other']}                                            | false",
                "{'source':[{'prefix':'aws.partner/genesys.com'}]}               | true",
                "{'source':[{'prefix':'genesys.com'}]}                           | false",
                "{'source':[{'prefix':{'equals-ignore-case':'AWS.partner'}}]}    | true",
                "{'source':[{'suffix':'org/x'}]}                                 | true",
                "{'source':[{'suffix':{'equals-ignore-case':'ORG/X'}}]}          | true",
                "{'source':[{'wildcard':'aws.partner/*/org/*'}]}                 | true",
                "{'source':[{'wildcard':'aws.partner/?/org/*'}]}                 | false",
                "{'source':[{'equals-ignore-case':'AWS.PARTNER/genesys.com/cloud/org/x'}]} | true",
                "{'source':[{'anything-but':'other'}]}                           | true",
                "{'source':[{'anything-but':['aws.partner/genesys.com/cloud/org/x','other']}]} | false",
                "{'source':[{'anything-but':{'prefix':'aws'}}]}                  | false",
                "{'detail':{'type':['OPEN',{'exists':false}]}}                   | true",
                "{'detail':{'missing':['OPEN',{'exists':false}]}}                | true",
                "{'detail':{'missing':['OPEN']}}                                 | false",
                "{'detail':{'missing':[{'exists':true}]}}                        | false",
                "{'detail':{'type':[{'exists':true}]}}                           | true",
                "{'detail':[{'exists':true}]}                                    | false",
                "{'detail':{'missing':{'deeper':[{'exists':false}]}}}            | true",
                "{'detail':{'n':[5]}}                                            | true",
                "{'detail':{'n':['5']}}                                          | false",
                "{'detail':{'n':[{'numeric':['>',4,'<=',5]}]}}                   | true",
                "{'detail':{'n':[{'numeric':['=',4]}]}}                          | false",
                "{'detail':{'b':[true]}}                                         | true",
                "{'detail':{'z':[null]}}                                         | true",
                "{'detail':{'list':['b']}}                                       | true",
                "{'detail':{'list':['c']}}                                       | false",
                "{'detail':{'objects':{'k':[2]}}}                                | true",
                "{'detail':{'objects':{'k':[3]}}}                                | false",
                "{'$or':[{'source':['other']},{'detail':{'n':[5]}}]}             | true",
                "{'$or':[{'source':['other']},{'detail':{'n':[6]}}]}             | false",
                "{'detail':{'type':['OPEN'],'n':[6]}}                            | false",
            })
    void shouldMatch(String pattern, boolean expected) {
        // When / Then
        assertThat(new EventPattern(pattern.replace('\'', '"')).matches(new JsonObject(EVENT)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "{}",
                "{'source':'x'}",
                "{'source':[]}",
                "{'source':{}}",
                "{'source':[{'unknown':'x'}]}",
                "{'source':[{'prefix':'x','suffix':'y'}]}",
                "{'source':[['x']]}"
            })
    void shouldRefuse(String pattern) {
        // When / Then
        assertThatThrownBy(() -> new EventPattern(pattern.replace('\'', '"')))
                .isInstanceOf(AwsError.class)
                .hasMessageStartingWith("InvalidEventPatternException: Event pattern is not valid. Reason: ");
    }

    @Test
    void shouldRefuseALongPattern() {
        // When / Then
        assertThatThrownBy(() -> new EventPattern("{\"source\":[\"" + "x".repeat(4_096) + "\"]}"))
                .hasMessageContaining("longer than 4096");
    }
}
