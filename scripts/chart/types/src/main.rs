//! Holds the resources of operators against the Rust types that kube-custom-resources-rs makes of the operators' definitions: finds
//! fields that there are not, values of another type or outside an enumeration, and what is missing; not ranges, not patterns.
//!
//! `chart-types OBJECTS`, where OBJECTS is a file with {"where they are from": [object, ...]}. Prints, as JSON, which package each
//! kind was held against and what is wrong.

use std::{collections::BTreeMap, env, error::Error, fs};

use kcr_argoproj_io::v1alpha1::applications::Application;
use kcr_barmancloud_cnpg_io::v1::objectstores::ObjectStore;
use kcr_external_secrets_io::v1::externalsecrets::ExternalSecret;
use kcr_kafka_strimzi_io::v1::{
    kafkanodepools::KafkaNodePool, kafkas::Kafka, kafkatopics::KafkaTopic, kafkausers::KafkaUser,
};
use kcr_postgresql_cnpg_io::v1::{clusters::Cluster, poolers::Pooler, scheduledbackups::ScheduledBackup};
use kube::Resource;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("Which objects?")?;
    let made: BTreeMap<String, Vec<Value>> = serde_json::from_str(&fs::read_to_string(path)?)?;
    let kinds = BTreeMap::from([
        kind::<Application>("kcr_argoproj_io"),
        kind::<Cluster>("kcr_postgresql_cnpg_io"),
        kind::<ExternalSecret>("kcr_external_secrets_io"),
        kind::<Kafka>("kcr_kafka_strimzi_io"),
        kind::<KafkaNodePool>("kcr_kafka_strimzi_io"),
        kind::<KafkaTopic>("kcr_kafka_strimzi_io"),
        kind::<KafkaUser>("kcr_kafka_strimzi_io"),
        kind::<ObjectStore>("kcr_barmancloud_cnpg_io"),
        kind::<Pooler>("kcr_postgresql_cnpg_io"),
        kind::<ScheduledBackup>("kcr_postgresql_cnpg_io"),
    ]);
    let (mut against, mut wrong) = (BTreeMap::new(), Vec::new());
    for (place, objects) in &made {
        for object in objects {
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let kind = format!("{} {}", text("/apiVersion"), text("/kind"));
            let Some((package, hold)) = kinds.get(&kind) else { continue };
            for finding in hold(object) {
                wrong.push(format!("{place}: {} {}: {finding}", text("/kind"), text("/metadata/name")));
            }
            against.insert(kind, package);
        }
    }
    println!("{}", json!({ "against": against, "wrong": wrong }));
    Ok(())
}

type Hold = fn(&Value) -> Vec<String>;

fn kind<T: Resource<DynamicType = ()> + DeserializeOwned>(package: &'static str) -> (String, (&'static str, Hold)) {
    (format!("{} {}", T::api_version(&()), T::kind(&())), (package, hold::<T>))
}

/// Which of its fields a T has not, and what keeps it from being one.
fn hold<T: DeserializeOwned>(object: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let fields = serde_path_to_error::Deserializer::new(object, &mut track);
    let made = serde_ignored::deserialize::<_, _, T>(fields, |path| {
        // A question mark stands where a field need not be there; the two that say what it is are no fields of the type.
        let path = path.to_string().replace(".?", "");
        if path != "apiVersion" && path != "kind" {
            wrong.push(format!("{path}: there is no such field"));
        }
    });
    if let Err(error) = made {
        wrong.push(format!("{}: {error}", track.path()));
    }
    wrong
}
